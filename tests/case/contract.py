"""What every store of cases must do. A store is tested by a subclass of `StoreContract` with two fixtures.

`new_store()` gives an empty store of `INFO`; `again(store)` gives an independent view of the same case.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from worlds import AUTHOR, INFO, put_ledger, simple_ledger

from trover.case.case import Case
from trover.case.finding import Claimed, GoodFaith, Note
from trover.case.log import Act, Action, chain_problems
from trover.case.store import CaseStore
from trover.errors import CaseDamaged, CaseInUse
from trover.ledger.digest import ledger_hash

NewStore = Callable[..., CaseStore]
Again = Callable[[CaseStore], CaseStore]


def act(item: str) -> Act:
    return Act(Action.EXHIBIT, item, AUTHOR, "2026-01-02T03:04:05Z", {"results": []})


class StoreContract:
    """Inherit and provide the fixtures `new_store` and `again`."""

    def test_a_new_store_is_empty_and_says_what_it_is(self, new_store: NewStore) -> None:
        store = new_store()
        assert store.info() == INFO
        assert list(store.log()) == []
        assert store.head() == ""
        assert store.is_published()

    def test_what_a_change_holds_is_there_for_everybody(self, new_store: NewStore, again: Again) -> None:
        store = new_store()
        with store.writing(AUTHOR) as batch:
            batch.files["sources/ab/original name.csv"] = b"a;b\n"
            batch.acts.append(act("one"))
        other = again(store)
        assert other.read("sources/ab/original name.csv") == b"a;b\n"
        assert [entry.item for entry in other.log()] == ["one"]
        assert other.head() == store.head() == other.log()[-1].hash

    def test_a_change_that_fails_leaves_nothing(self, new_store: NewStore, again: Again) -> None:
        store = new_store()

        def fail() -> None:
            with store.writing(AUTHOR) as batch:
                batch.files["results/x.json"] = b"{}"
                batch.acts.append(act("one"))
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            fail()
        assert list(again(store).log()) == []
        with pytest.raises(CaseDamaged):
            store.read("results/x.json")

    def test_a_ledger_comes_back_as_it_was_stored(self, new_store: NewStore, again: Again) -> None:
        store, ledger = new_store(), simple_ledger()
        id = put_ledger(store, ledger)
        stored = again(store).part(id)
        assert ledger_hash(stored) == id
        assert list(stored) == list(ledger)
        with pytest.raises(CaseDamaged):
            store.part("0" * 64)

    def test_the_log_is_chained(self, new_store: NewStore) -> None:
        store = new_store()
        for item in ("one", "two", "three"):
            with store.writing(AUTHOR) as batch:
                batch.acts += [act(item), act(f"{item}, again")]
        log = list(store.log())
        assert [entry.seq for entry in log] == [1, 2, 3, 4, 5, 6]
        assert chain_problems(log, "log") == []
        assert {problem.value for problem in chain_problems([log[0], *log[2:]], "log")} >= {"two"}

    def test_one_change_at_a_time_and_the_error_names_who_makes_it(self, new_store: NewStore, again: Again) -> None:
        store = new_store()
        other = again(store)
        with store.writing("First Writer"), pytest.raises(CaseInUse, match="First Writer"):  # noqa: SIM117
            with other.writing("Second Writer"):
                pass

    def test_writers_who_wait_lose_nothing(self, new_store: NewStore, again: Again) -> None:
        store = new_store(wait=60)
        views = [again(store) for _ in range(4)]

        def write(number: int) -> None:
            for turn in range(3):
                with views[number].writing(f"writer {number}") as batch:
                    batch.acts.append(act(f"{number}.{turn}"))

        writers = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join()
        log = list(store.log())
        assert sorted(entry.item for entry in log) == sorted(f"{n}.{t}" for n in range(4) for t in range(3))
        assert chain_problems(log, "log") == []

    def test_a_reader_during_a_change_sees_the_case_as_it_was(self, new_store: NewStore, again: Again) -> None:
        store = new_store()
        with store.writing(AUTHOR) as batch:
            batch.acts.append(act("one"))
            assert list(again(store).log()) == []

    def test_a_case_works_on_it(self, new_store: NewStore, again: Again) -> None:
        store = new_store()
        put_ledger(store, simple_ledger())
        case = Case(store, AUTHOR)
        claim = case.record(Claimed("V", 100_00, "EUR", transfer="t1"), reason="order of the court", evidence="doc 7")
        case.record(Note("something to keep"), reason="asked for")
        answers = {answer.key: answer for answer in case.trace(["libr", "fifo"])}
        assert answers["libr"].table["W"] == {"V": 90_00, "OWN": 105_00}
        seen = Case(again(store), AUTHOR)
        assert [finding.id for finding in seen.findings()] == [finding.id for finding in case.findings()]
        assert {result.key for result in seen.results()} == {"libr", "fifo"}
        assert seen.result(seen.results()[0].id)["table"] == answers["libr"].table
        assert seen.stale() == []
        seen.record(GoodFaith("t3"), reason="value given")
        assert {entry.key for entry in case.stale()} == {"libr", "fifo"}
        case.withdraw(claim.id, reason="paid by someone else")
        assert case.assumptions().claims == ()
        assert case.problems() == []
