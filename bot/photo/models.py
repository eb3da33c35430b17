"""The two networks that find print and read it, run by ONNX Runtime on one core.

PP-OCRv6 small, from the files in the wheel of `rapidocr`; none of its code is run, and nothing is fetched.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime

Image = npt.NDArray[np.uint8]
"""A picture: height x width x 3, red, green, blue."""

FINDING, READING = "PP-OCRv6_det_small.onnx", "PP-OCRv6_rec_small.onnx"
HEIGHT = 48  # pixels of a line of print as the reading network takes it
MULTIPLE = 32  # the finding network takes sides that are a multiple of it
NARROWEST, WIDEST = 48, 2400  # pixels of a line
BLANK = 0  # the network's "no character"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print as read: its characters, how sure each is (0 to 1), and where each is (0 to 1 of the width)."""

    text: str
    sure: tuple[float, ...]
    places: tuple[float, ...]

    @property
    def confidence(self) -> float:
        """Of the weakest character; 0 where there is none."""
        return min(self.sure, default=0.0)


@cache
def _session(name: str) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_mem_pattern = False  # each picture has a size of its own
    # Many of the networks' inner numbers are next to nothing, and a processor is slow with such: they count as zero. This
    # holds from then on in the whole thread that opens a network.
    options.add_session_config_entry("session.set_denormal_as_zero", "1")
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(_models() / name, options, providers=["CPUExecutionProvider"])


@cache
def _releasing() -> onnxruntime.RunOptions:
    """Have a run give its memory back when it is done: finding print takes far more than anything after it."""
    options = onnxruntime.RunOptions()
    options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
    return options


def _models() -> Path:
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("rapidocr")
    return Path(spec.origin).parent / "models"


def _run(name: str, batch: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    session = _session(name)
    found: Any = session.run(None, {session.get_inputs()[0].name: batch}, _releasing() if name == FINDING else None)[0]
    return np.asarray(found[0], dtype=np.float32)


def _batch_of(picture: Image) -> npt.NDArray[np.float32]:
    """A picture as the networks take it: 1 x 3 x height x width, from -1 to 1; blue, green, red, as they were trained."""
    scaled = picture[:, :, ::-1].astype(np.float32)
    scaled /= 127.5
    scaled -= 1
    return np.ascontiguousarray(scaled.transpose(2, 0, 1)[None])


def print_map(picture: Image) -> npt.NDArray[np.float32]:
    """How likely each pixel is the inside of a line of print. The sides must be multiples of `MULTIPLE`."""
    return np.asarray(_run(FINDING, _batch_of(picture))[0])


def read_lines(lines: list[Image]) -> list[Line]:
    """What each picture of one upright line says. Each is `HEIGHT` high.

    They are read one by one: several at once take more time on one core, and memory.
    """
    return [_decoded(_run(READING, _batch_of(line))) for line in lines]


def _decoded(steps: npt.NDArray[np.float32]) -> Line:
    """The characters of one line, by how likely each is at each step: steps x characters."""
    best, sure = steps.argmax(axis=1), steps.max(axis=1)
    starts = (best != BLANK) & (best != np.concatenate(([-1], best[:-1])))
    places = np.flatnonzero(starts)
    return Line(
        "".join(_characters()[best[place]] for place in places),
        tuple(_peak(best, sure, int(place)) for place in places),
        tuple(float((place + 0.5) / len(best)) for place in places),
    )


def _peak(best: npt.NDArray[np.int64], sure: npt.NDArray[np.float32], place: int) -> float:
    """How sure a character is at the surest of the steps that it takes."""
    end = place
    while end < len(best) and best[end] == best[place]:
        end += 1
    return float(sure[place:end].max())


@cache
def _characters() -> tuple[str, ...]:
    listed = _session(READING).get_modelmeta().custom_metadata_map["character"]
    return ("", *listed.splitlines(), " ")
