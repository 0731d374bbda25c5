"""`trover verify`."""

from __future__ import annotations

from pathlib import Path

import click

from trover.cli.options import as_json


@click.command(name="verify")
@click.argument("what", metavar="DIR|BUNDLE", type=click.Path(path_type=Path, exists=True))
@click.option(
    "--fingerprint", default="", metavar="HEX", help="Of the signing key, as the cover of the exhibit prints it."
)
@click.option(
    "--tsa",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Certificates of the time-stamp authority.",
)
@click.option(
    "--revealed",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Values handed out for a redacted edition.",
)
@click.option("--no-fingerprint", is_flag=True, help="Check a bundle although nobody says who signed it.")
@as_json
def command(
    what: Path, fingerprint: str, tsa: Path | None, revealed: Path | None, no_fingerprint: bool, as_json: bool
) -> None:
    """Check a case or a bundle, line by line. Exit status 1 if anything does not hold.

    A bundle: signature, hashes, every step under the rules, conservation, totals. A case: sources
    against their hashes, the log, and every stored result recomputed and audited.

    \b
    Examples:
      trover verify case
      trover verify case/exhibit/bundle.zip --fingerprint 5f1c...
    """
    if (what / "case.yml").exists():
        _case(what, as_json)
    else:
        given = {"tsa": tsa.read_bytes() if tsa else b"", "revealed": revealed.read_bytes() if revealed else b""}
        _bundle(what, fingerprint, no_fingerprint, as_json, **given)


def _bundle(what: Path, fingerprint: str, unsigned: bool, as_json: bool, **given: bytes) -> None:
    from trover.cli.show import print_json, working
    from trover.report.bundle import check
    from trover.report.verifier.verify import as_data, as_text

    with working("Replaying every step"):
        report = check(what, fingerprint, signer_unchecked=unsigned, tsa=given["tsa"], revealed=given["revealed"])
    if as_json:
        print_json(as_data(report, str(what)))
    else:
        click.echo(as_text(report, str(what)))
    click.get_current_context().exit(1 if report.failed else 0)


def _case(what: Path, as_json: bool) -> None:
    from trover.case.case import Case
    from trover.case.verified import verify_case
    from trover.cli.show import print_json, working

    with working("Recomputing every result"):
        report = verify_case(Case.open(what))
    if as_json:
        print_json(report.plain())
    else:
        click.echo("\n".join(report.lines()))
    click.get_current_context().exit(0 if report.holds else 1)
