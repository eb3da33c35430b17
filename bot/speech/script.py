"""The whole conversation about a trial as a document, such as an ethics committee reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.criteria.protocol import Kind, Question, TrialProtocol
from bot.speech.catalogue import Catalogue, conversation_messages
from bot.speech.labels import label


def script(trial: TrialProtocol, catalogue: Catalogue, locale: str) -> str:
    """Every wording of every question for every respondent, every criterion, and all else that is said, as Markdown."""
    return "\n".join(_Script(trial, catalogue, locale).lines()) + "\n"


@dataclass(frozen=True, slots=True)
class _Script:
    trial: TrialProtocol
    catalogue: Catalogue
    locale: str

    def lines(self) -> Iterator[str]:
        yield from self._identity()
        yield from self._heading("script.questions")
        for place, name in enumerate(self.trial.order, 1):
            yield from self._question(place, self.trial.by_id[name])
        yield from self._criteria()
        yield from self._heading("script.messages")
        for key, text in conversation_messages(self.locale).items():
            yield from (f"`{key}`", "", *(f"> {line}".rstrip() for line in text.splitlines()), "")

    def _text(self, key: str, **values: str) -> str:
        return self.catalogue.text(self.locale, key, **values)

    def _heading(self, key: str) -> tuple[str, ...]:
        return f"## {self._text(key)}", ""

    def _identity(self) -> Iterator[str]:
        trial = self.trial
        affiliation = f" ({trial.contact.affiliation})" if trial.contact.affiliation else ""
        yield from (f"# {self._text('trial.title')}", "", self._text("script.heading"), "")
        yield self._text(
            "script.identity",
            trial=trial.id,
            version=trial.version,
            sponsor=trial.sponsor,
            date=trial.source.current_as_of.isoformat(),
            contact=f"{trial.contact.name}{affiliation}",
        )
        sites = "; ".join(self._text(f"site.{site.id}") for site in trial.sites)
        yield from ("", self._text("script.sites", sites=sites), "", self._text("trial.about"), "")

    def _question(self, place: int, question: Question) -> Iterator[str]:
        key = f"question.{question.id}"
        yield from (f"### {place}. {self._text(f'{key}.name')} (`{question.id}`)", "")
        if question.asked_when:
            yield from (self._text("script.asked_when", rule=question.asked_when), "")
        yield from self._asked(question, None)
        yield from ("", f"**{self._text('script.help')}**: {self._text(f'{key}.help')}", "")
        if question.kind is not Kind.CHOICE:
            yield from (f"**{self._text('script.example')}**: {self._text(f'{key}.example')}", "")
        yield from self._choices(question, None)
        for variant in question.variants:
            yield from (f"**{self._text('script.variant', rule=question.variant_when or '')}**", "")
            yield from (self._text(f"{key}.name.{variant}"), "", *self._asked(question, variant), "")
            yield from self._choices(question, variant)

    def _asked(self, question: Question, variant: str | None) -> Iterator[str]:
        middle = "" if variant is None else f"{variant}."
        for respondent in question.asked_of:
            asked = self._text(f"question.{question.id}.ask.{middle}{respondent}")
            yield f"- **{self._text(f'script.respondent.{respondent}')}**: {asked}"

    def _choices(self, question: Question, variant: str | None) -> Iterator[str]:
        """The choices, each with all its wordings for those who are asked."""
        if not question.choices:
            return
        yield from (f"**{self._text('script.choices')}**", "")
        for choice in question.choices:
            worded = (
                label(self.catalogue, self.locale, question.id, choice, variant, respondent)
                for respondent in question.asked_of
            )
            yield f"- `{choice}`: {' / '.join(dict.fromkeys(worded))}"
        yield ""

    def _criteria(self) -> Iterator[str]:
        yield from self._heading("script.criteria")
        columns = self._text("script.criteria.columns")
        yield from (f"| {columns} |", "|" + " --- |" * (columns.count("|") + 1))
        for each in self.trial.criteria:
            rule = "; ".join((*each.applies_when, each.rule))
            later = self._text("choice.yes" if each.recoverable else "choice.no")
            cells = (each.code, each.text, self._text(f"criterion.{each.code}"), f"`{rule}`", later)
            yield f"| {' | '.join(cells)} |"
        yield ""
