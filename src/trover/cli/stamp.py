"""`trover stamp`."""

from __future__ import annotations

from pathlib import Path

import click

FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


@click.command(name="stamp")
@click.argument("bundle", type=FOLDER)
@click.option(
    "--request", type=click.Path(path_type=Path), help="Write the request for the authority to this file (.tsq)."
)
@click.option("--response", type=click.Path(path_type=Path, exists=True), help="Attach the authority's answer (.tsr).")
def command(bundle: Path, request: Path | None, response: Path | None) -> None:
    """Time-stamp the folder BUNDLE: write the request, then attach what the authority answers.

    Trover sends nothing. Carry the request to a time-stamp authority in your own way.

    \b
    Examples:
      trover stamp case/exhibit/bundle --request bundle.tsq
      trover stamp case/exhibit/bundle --response bundle.tsr
    """
    from trover.report.bundle import attach_timestamp, stamped, timestamp_request
    from trover.sources.files import write_whole

    if bool(request) == bool(response):
        raise click.UsageError("Name a file for --request, or the authority's --response.")
    if request:
        write_whole(request, timestamp_request(stamped(bundle)))
        click.echo(f"Wrote {request}. Next: have it answered, then trover stamp {bundle} --response FILE")
    elif response:
        click.echo(f"Stamped at {attach_timestamp(bundle, response.read_bytes())}, in {bundle} and {bundle}.zip")
