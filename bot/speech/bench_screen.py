"""A candidate's screen at the bench: the findings, what is open, and a row of buttons for each question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.criteria.compiled import CompiledTrial
from bot.criteria.findings import Assessment, Cause, Finding, Status
from bot.criteria.protocol import UNKNOWN
from bot.criteria.reading import Outcome, Reading
from bot.flows.bench.shown import Change, ScreenShown
from bot.flows.bench.work import PLAIN, is_tapped
from bot.flows.events.screening import ReplyRejected, ReplyUnclear
from bot.flows.review import REFERRED
from bot.speech.card import MARKS
from bot.speech.catalogue import Catalogue
from bot.speech.evidence import evidence
from bot.speech.labels import label
from bot.speech.message import Button, Keys
from bot.speech.telling import Teller

UNSURE = "?"
BULK = "no"
"""The choice that one button gives to all open questions."""
LEAST_BULK = 2
FOLDED_IN_A_ROW = 2
MOST_CHANGES = 8  # answers that are read back one by one; of a longer slip the others stand in the findings
MOST_NAMES = 8  # of what a message had besides
LONGEST_LINE = 160  # characters of a finding's line


@dataclass(frozen=True, slots=True, eq=False)
class BenchVoice(Teller):
    """Speaks of one candidate. `variants`: the questions put to them in other words than usual."""

    variants: Mapping[str, str]

    def choice(self, question: str | None, choice: str) -> str:
        """What a choice is called where staff are asked; `question` is None for a plain yes or no."""
        variant = self.variants.get(question or "")
        return label(self.catalogue, self.locale, question, choice, variant, self.respondent)

    def meanings(self, question: str, reading: Reading) -> tuple[str, ...]:
        """The ways in which a doubtful value can be read."""
        return tuple(
            self.reading_label(each) if each.choice is None else self.choice(question, each.choice)
            for each in reading.readings
        )


@dataclass(frozen=True, slots=True)
class Findings:
    """The findings as one reads them at a glance: what speaks against it, what is open, what is met."""

    trial: CompiledTrial
    catalogue: Catalogue
    locale: str

    def _text(self, key: str, **values: str) -> str:
        return self.catalogue.text(self.locale, key, **values)

    def verdict(self, assessment: Assessment) -> str:
        """What the findings amount to so far."""
        return self._text(f"card.verdict.{assessment.verdict}")

    def paragraphs(self, assessment: Assessment) -> Iterator[str]:
        """One paragraph: a line for each criterion that is not met or not clear, and the rest by their codes."""
        findings = assessment.findings.values()
        waiting = [each for each in findings if _waits(each)]
        lines = [self.line(each) for each in findings if each.status is Status.FAIL]
        lines += [self.line(each) for each in findings if each.status is Status.UNDETERMINED and not _waits(each)]
        met = [each for each in findings if each.status is Status.PASS]
        for mark, key, group in (("✓", "bench.met", met), ("?", "bench.waiting", waiting)):
            if group:
                lines.append(self._text(key, mark=mark, codes=" ".join(each.code for each in group)))
        if lines:
            yield "\n".join(lines)

    def line(self, finding: Finding) -> str:
        """One criterion: mark, code, and what it rests on."""
        line = f"{MARKS[finding.status]} {finding.code} {self.evidence(finding)}"
        return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 1]}…"

    def evidence(self, finding: Finding) -> str:
        """What a finding rests on, in a sentence."""
        return evidence(finding, self.trial.protocol, self.catalogue, self.locale)


def _waits(finding: Finding) -> bool:
    """Whether a criterion waits for an answer that has not been given."""
    return finding.status is Status.UNDETERMINED and finding.reason is Cause.UNANSWERED


@dataclass(frozen=True, slots=True)
class Screen:
    """One candidate's screen."""

    voice: BenchVoice
    shown: ScreenShown

    def text(self) -> str:
        """The screen's text."""
        findings = Findings(self.voice.trial, self.voice.catalogue, self.voice.locale)
        head = f"{self.shown.case.code} · {findings.verdict(self.shown.assessment)}"
        parts = [
            head,
            "\n".join(self.noted()),
            "\n".join(self.pictured()),
            "\n".join(self.unclear(question) for question in self.shown.case.unclear),
            *findings.paragraphs(self.shown.assessment),
            self._typed(),
            "\n".join(self._tapped()),
        ]
        return "\n\n".join(part for part in parts if part)

    def _say(self, key: str, **values: str) -> str:
        return self.voice.text(f"bench.{key}", **values)

    def noted(self) -> Iterator[str]:
        """What the last input led to."""
        noted = self.shown.noted
        for change in noted.changes[:MOST_CHANGES]:
            yield self._change(change)
        if len(noted.changes) > MOST_CHANGES:
            yield self._say("more", count=str(len(noted.changes) - MOST_CHANGES))
        if noted.unread:
            yield self._say("unread", text=" · ".join(_few(noted.unread)))
        if noted.skipped:
            yield self._say("skipped", names=self.voice.values.listed(_few(noted.skipped)))
        if noted.refused:
            yield self.voice.text(f"photo.{noted.refused}")
        if noted.gaps:
            yield self._say("photo.gaps", lines=str(noted.gaps))

    def pictured(self) -> Iterator[str]:
        """The rows of a picture that wait to be taken."""
        if self.shown.slip:
            yield self._say("photo.title")
            yield from (self.voice.slip_row(row) for row in self.shown.slip)
            yield from self.undated()

    def undated(self) -> Iterator[str]:
        """That the rows of a picture have no day, or that theirs can be read in more than one way."""
        if self.shown.undated:
            yield self._say("photo.days" if self.shown.case.session.days else "photo.no_day")

    def _change(self, change: Change) -> str:
        name = self.voice.name(change.question)
        if change.reading is None:
            return self._say("taken_back", name=name)
        answer = self.voice.answer(change.question, change.reading)
        if change.before is None:
            return self._say("read", name=name, answer=answer)
        return self._say(
            "read.before", name=name, answer=answer, before=self.voice.answer(change.question, change.before)
        )

    def unclear(self, question: str) -> str:
        """What is doubtful about a value, in one paragraph."""
        reading = self.shown.case.unclear[question]
        row = self.shown.case.rows.get(question)
        if row is not None:
            name = self.voice.text("photo.row", number=str(row), name=self.voice.name(question))
            return self._say("photo.unclear", name=name, reply=reading.reply.strip())
        asks = reading.outcome is Outcome.CLARIFY
        event = ReplyUnclear(question, reading) if asks else ReplyRejected(question, reading)
        return self._say("unclear", name=self.voice.name(question), text=self.voice.say(event) or "")

    def _typed(self) -> str:
        """The open questions that are answered by typing."""
        protocol = self.voice.trial.protocol
        typed = [self.voice.name(each) for each in self.shown.open if not is_tapped(protocol.by_id[each])]
        return self._say("type", names=self.voice.values.listed(typed)) if typed else ""

    def _tapped(self) -> Iterator[str]:
        """The open questions that have buttons, by their numbers."""
        for question in self.open_tapped():
            yield f"{self.shown.numbers[question]}. {self.asked(question)}"

    def asked(self, question: str) -> str:
        """A question as it is put to staff."""
        return self.voice.text(f"question.{question}.ask")

    def open_tapped(self) -> tuple[str, ...]:
        """The open questions that have buttons."""
        return tuple(each for each in self.shown.open if is_tapped(self.voice.trial.protocol.by_id[each]))

    def keys(self) -> Keys:
        """The buttons, row by row: what is doubtful, what is open, what is answered, and what can be done."""
        rows = [
            *self._taking(),
            *self._meanings(),
            *map(self._choices, self.open_tapped()),
            *self._bulk(),
            *self._answered(),
            self._ends(),
        ]
        return tuple(row for row in rows if row)

    def _taking(self) -> Iterator[tuple[Button, ...]]:
        """What can be done with the rows of a picture: they are taken, with the day that is meant where it can be several.

        The buttons carry the step of their screen: rows that came later were not read back on it.
        """
        these = f"{self.shown.case.number}.{self.shown.case.step}"
        if self.shown.slip:
            days = self.shown.case.session.days if self.shown.undated else ()
            for day in days:
                label_ = self._say("photo.use_day", use=self.use(), day=self.voice.values.day(day))
                yield (Button(f"take.{these}.{day.isoformat()}", label_),)
            yield (Button(f"take.{these}", self._say("photo.undated", use=self.use()) if days else self.use()),)
            yield (Button(f"aside.{these}", self._say("photo.aside")),)

    def use(self) -> str:
        """What the button is called that takes the rows of a picture: it says which are sure."""
        sure = [str(row.number) for row in self.shown.slip if row.reading.counts]
        return self._say("photo.use", rows=", ".join(sure)) if sure else self._say("photo.go_through")

    def _meanings(self) -> Iterator[tuple[Button, ...]]:
        number = self.shown.case.number
        for question, reading in self.shown.case.unclear.items():
            for place, meaning in enumerate(self.voice.meanings(question, reading), 1):
                label_ = self._say("means", name=self.voice.name(question), meaning=meaning)
                yield (Button(f"mean.{number}.{question}.{place}", label_),)

    def _choices(self, question: str) -> tuple[Button, ...]:
        number, mark = self.shown.case.number, self.shown.numbers[question]
        own = self.voice.trial.protocol.by_id[question].choices
        choices = own if UNKNOWN in own else (*own, UNKNOWN)
        labels = {each: UNSURE if each == UNKNOWN else self.voice.choice(question, each) for each in choices}
        return tuple(Button(f"pick.{number}.{question}.{each}", f"{mark} {label}") for each, label in labels.items())

    def _bulk(self) -> Iterator[tuple[Button, ...]]:
        """One button for all that is left: it says which."""
        protocol, numbers = self.voice.trial.protocol, self.shown.numbers
        left = [str(numbers[each]) for each in self.open_tapped() if protocol.by_id[each].choices == PLAIN]
        if len(left) >= LEAST_BULK:
            label = self._say("rest", choice=self.voice.choice(None, BULK), numbers=", ".join(left))
            yield (Button(f"rest.{self.shown.case.number}.{self.shown.case.step}.{BULK}", label),)

    def _answered(self) -> Iterator[tuple[Button, ...]]:
        """The answered questions that have buttons, each folded up into one by which it is opened again."""
        answers, number = self.shown.case.session.answers, self.shown.case.number
        folded = [
            Button(
                f"anew.{number}.{question}",
                f"✓ {mark} {self.voice.answer(question, answers[question])} · {self.voice.name(question)}",
            )
            for question, mark in self.shown.numbers.items()
            if question in answers
        ]
        for first in range(0, len(folded), FOLDED_IN_A_ROW):
            yield tuple(folded[first : first + FOLDED_IN_A_ROW])

    def _ends(self) -> tuple[Button, ...]:
        number = self.shown.case.number
        refer = ((f"refer.{number}", "refer"),) if self.shown.assessment.verdict in REFERRED else ()
        ends = ((f"done.{number}", "done"), *refer, ("list", "list"))
        return tuple(Button(id_, self._say(f"button.{word}")) for id_, word in ends)


def _few(names: tuple[str, ...]) -> list[str]:
    """The first of them, and a sign that there are more."""
    return [*names[:MOST_NAMES], *(["…"] if len(names) > MOST_NAMES else [])]


def screen_of(trial: CompiledTrial, catalogue: Catalogue, locale: str, shown: ScreenShown) -> Screen:
    """A candidate's screen in the words of their trial."""
    session = shown.case.session
    variants = trial.facts(session.answers, session.respondent, shown.today).variants
    return Screen(BenchVoice(trial, catalogue, locale, session.respondent, variants), shown)
