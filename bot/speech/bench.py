"""What the bench says to a member of staff: the screens of candidates, who is on the bench, short notices."""

from __future__ import annotations

from dataclasses import dataclass

from bot.flows.bench.case import Case
from bot.flows.bench.commands import MARK
from bot.flows.bench.shown import (
    BenchShown,
    CaseClosed,
    CodeRefused,
    ListShown,
    PictureTold,
    ScreenShown,
    SiteAsked,
    Told,
)
from bot.speech.bench_screen import Findings, screen_of
from bot.speech.catalogue import Catalogue
from bot.speech.desk import About
from bot.speech.message import Button, Keys, Message


@dataclass(frozen=True, slots=True)
class BenchTeller:
    """Speaks to a member of staff. `common`: the words that belong to no trial."""

    about: About
    common: Catalogue
    locale: str

    def tell(self, shown: BenchShown) -> Message:
        """What is said, as a message."""
        match shown:
            case ScreenShown():
                return self._screen(shown)
            case CaseClosed():
                return self._closed(shown)
            case ListShown():
                return self._list(shown)
            case SiteAsked():
                return self._sites(shown)
            case PictureTold():
                return self._picture(shown)
        return self._told(shown)

    def _told(self, shown: CodeRefused | Told) -> Message:
        """A short text."""
        if isinstance(shown, CodeRefused):
            return self._message("code_refused", self._text(f"code.{shown.flaw}"))
        return self._message(f"bench.{shown.key}", self._text(shown.key, code=shown.code, text=shown.text))

    def _text(self, key: str, **values: str) -> str:
        return self.common.text(self.locale, f"bench.{key}", **values)

    def _message(self, event: str, text: str, keys: Keys = ()) -> Message:
        return Message(text, {"event": event}, locale=self.locale, keys=keys, session=MARK)

    def _screen(self, shown: ScreenShown) -> Message:
        trial, catalogue = self.about(shown.case.trial)
        page = screen_of(trial, catalogue, self.locale, shown)
        event = {"event": "bench_shown", "verdict": shown.assessment.verdict.value}
        return Message(
            page.text(),
            event,
            locale=self.locale,
            keys=page.keys(),
            session=MARK,
            place=place_of(shown.case),
            anew=shown.anew,
        )

    def _closed(self, shown: CaseClosed) -> Message:
        trial, catalogue = self.about(shown.case.trial)
        findings = Findings(trial, catalogue, self.locale)
        key = "closed" if shown.reference is None else "handed_over"
        head = self._text(key, code=shown.case.code, reference=shown.reference or "")
        text = "\n\n".join([head, findings.verdict(shown.assessment), *findings.paragraphs(shown.assessment)])
        event = {"event": "bench_closed", "verdict": shown.assessment.verdict.value}
        return Message(text, event, locale=self.locale, session=MARK, place=place_of(shown.case), anew=shown.anew)

    def _picture(self, shown: PictureTold) -> Message:
        """What came of a picture of somebody who is not worked on now."""
        if shown.refused:
            text = self.common.text(self.locale, f"photo.{shown.refused}")
            told = self._text("photo.not_read", code=shown.code, text=text) if shown.code else text
            return self._message("photo_not_read", told)
        go_on = Button(f"open.{shown.number}", self._text("photo.open", code=shown.code))
        return self._message("bench_pictured", self._text("photo.waits", code=shown.code), ((go_on,),))

    def _list(self, shown: ListShown) -> Message:
        if not shown.cases:
            return self._message("bench.empty", self._text("empty"))
        keys = []
        for case, verdict, open_ in shown.cases:
            line = self._text("list.line", code=case.code, verdict=self._text(f"verdict.{verdict}"), open=str(open_))
            here = self._text("list.here", line=line) if case.number == shown.current else line
            keys.append((Button(f"open.{case.number}", here),))
        return self._message("bench_listed", self._text("list"), tuple(keys))

    def _sites(self, shown: SiteAsked) -> Message:
        _, catalogue = self.about(shown.case.trial)
        number = shown.case.number
        keys = tuple(
            (Button(f"site.{number}.{each}", catalogue.text(self.locale, f"site.{each}")),) for each in shown.sites
        )
        return self._message("bench.refer.ask", self._text("refer.ask", code=shown.case.code), keys)


def place_of(case: Case) -> str:
    """Where a candidate's screen is said anew."""
    return f"bench.{case.session.mark}.{case.number}"
