"""The conversation's state machine as a picture, drawn from its table: Mermaid text, or SVG."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from bot.criteria.protocol import TrialProtocol
from bot.flows.states import INTERRUPTIONS, TRANSITIONS, State

BOX_WIDTH, BOX_HEIGHT = 176, 36
COLUMN_WIDTH, ROW_HEIGHT = 300, 96
MARGIN = 48
HEADING = 40
_APART = frozenset(INTERRUPTIONS.values())


class Edge(NamedTuple):
    """All the ways from one state straight to another, by their triggers."""

    source: State
    dest: State
    triggers: tuple[str, ...]


def edges() -> tuple[Edge, ...]:
    """The ways through the conversation. Interruptions lead from anywhere and back, so they are no part of it."""
    triggers: dict[tuple[State, State], list[str]] = defaultdict(list)
    for way in TRANSITIONS:
        starts = way.source is State.LANGUAGE and not way.trigger.startswith("return_to_")
        if way.dest not in _APART and (starts or way.source not in _APART):
            triggers[way.source, way.dest].append(way.trigger)
    return tuple(Edge(source, dest, tuple(names)) for (source, dest), names in triggers.items())


def mermaid(trial: TrialProtocol) -> str:
    """The state machine as a Mermaid state diagram."""
    return "\n".join(_mermaid_lines(trial)) + "\n"


def _mermaid_lines(trial: TrialProtocol) -> Iterator[str]:
    yield "stateDiagram-v2"
    yield f"    %% {trial.id} {trial.version}"
    yield f"    [*] --> {State.LANGUAGE}"
    yield from (f"    {_arrow(edge)}" for edge in edges() if edge.source in _APART)
    yield "    state conversation {"
    yield from (f"        {_arrow(edge)}" for edge in edges() if edge.source not in _APART)
    yield "    }"
    for trigger, state in INTERRUPTIONS.items():
        yield f"    conversation --> {state}: {trigger}"
        yield f"    {state} --> conversation: return"
    yield f"    note right of {State.ASKING}"
    yield from (f"        {name}" for name in trial.order)
    yield "    end note"


def _arrow(edge: Edge) -> str:
    return f"{edge.source} --> {edge.dest}: {', '.join(edge.triggers)}"


def svg(trial: TrialProtocol) -> str:
    """The state machine as an SVG picture: states in columns by how many steps they are from the start."""
    places = _places()
    width = max(x for x, _ in places.values()) + BOX_WIDTH + MARGIN
    height = max(y for _, y in places.values()) + BOX_HEIGHT + MARGIN
    body = [*_svg_arrows(places), *(_svg_box(state, *place) for state, place in places.items())]
    interruptions = "; ".join(f"{trigger}: {state}" for trigger, state in INTERRUPTIONS.items())
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif">',
            _SVG_HEAD,
            f'<text x="{MARGIN}" y="{HEADING // 2}" font-size="15">{escape(trial.title)} ({escape(trial.version)})</text>',
            f'<text x="{MARGIN}" y="{HEADING}" font-size="11">At any time, and back again: {escape(interruptions)}</text>',
            *body,
            "</svg>\n",
        )
    )


_SVG_HEAD = (
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="8" markerHeight="8" orient="auto">'
    '<path d="M0 0L10 5L0 10z"/></marker></defs>'
)


def _places() -> dict[State, tuple[int, int]]:
    """The upper left corner of each state's box."""
    filled: dict[int, int] = defaultdict(int)
    places: dict[State, tuple[int, int]] = {}
    for state, step in _steps().items():
        places[state] = (MARGIN + step * COLUMN_WIDTH, HEADING + MARGIN + filled[step] * ROW_HEIGHT)
        filled[step] += 1
    return places


def _steps() -> dict[State, int]:
    """How many steps each state is from the start, the nearest first."""
    steps = {State.LANGUAGE: 0}
    waiting = [State.LANGUAGE]
    for state in waiting:
        for edge in edges():
            if edge.source is state and edge.dest not in steps:
                steps[edge.dest] = steps[state] + 1
                waiting.append(edge.dest)
    return steps


def _svg_box(state: State, x: int, y: int) -> str:
    text_x, text_y = x + BOX_WIDTH // 2, y + BOX_HEIGHT // 2 + 5
    return (
        f'<g><rect x="{x}" y="{y}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="8" fill="#eef4fb" stroke="#345"/>'
        f'<text x="{text_x}" y="{text_y}" font-size="13" text-anchor="middle">{escape(state)}</text></g>'
    )


def _svg_arrows(places: dict[State, tuple[int, int]]) -> Iterator[str]:
    for edge in edges():
        path, (label_x, label_y) = _route(places[edge.source], places[edge.dest])
        yield f'<path d="{path}" fill="none" stroke="#678" marker-end="url(#tip)"/>'
        label = escape(", ".join(edge.triggers))
        yield f'<text x="{label_x}" y="{label_y}" font-size="10" fill="#456" text-anchor="middle">{label}</text>'


def _route(source: tuple[int, int], dest: tuple[int, int]) -> tuple[str, tuple[int, int]]:
    """The path of an arrow and the place of its label: forward from the right side, backward and upward in an arc."""
    (x1, y1), (x2, y2) = source, dest
    middle = BOX_HEIGHT // 2
    if x2 > x1:
        start, end, bend = (x1 + BOX_WIDTH, y1 + middle), (x2, y2 + middle), (COLUMN_WIDTH - BOX_WIDTH) // 2
        path = f"M{start[0]} {start[1]}C{start[0] + bend} {start[1]} {end[0] - bend} {end[1]} {end[0]} {end[1]}"
        return path, ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2 - 4)
    start, end, rise = (x1 + BOX_WIDTH // 2, y1), (x2 + BOX_WIDTH // 2 + 16, y2), ROW_HEIGHT // 3
    if source == dest:
        start = (x1 + BOX_WIDTH // 2 - 16, y1)
    top = min(y1, y2) - rise
    path = f"M{start[0]} {start[1]}C{start[0]} {top} {end[0]} {top} {end[0]} {end[1]}"
    return path, ((start[0] + end[0]) // 2, top + rise // 3)
