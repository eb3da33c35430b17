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

HEIGHT = 48  # pixels of a line of print as the reading network takes it
MULTIPLE = 32  # the finding network takes sides that are a multiple of it
BATCH = 800  # pixels of width read at once: more gain nothing on one core, and cost memory and blank margins
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
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False  # each picture has a size of its own
    options.log_severity_level = 4
    return onnxruntime.InferenceSession(_models() / name, options, providers=["CPUExecutionProvider"])


def _models() -> Path:
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("rapidocr")
    return Path(spec.origin).parent / "models"


def _run(session: onnxruntime.InferenceSession, batch: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    found: Any = session.run(None, {session.get_inputs()[0].name: batch})[0]
    return np.asarray(found, dtype=np.float32)


def print_map(picture: Image) -> npt.NDArray[np.float32]:
    """How likely each pixel is the inside of a line of print. The sides must be multiples of `MULTIPLE`."""
    # The networks were trained on blue, green, red.
    scaled = picture[:, :, ::-1].astype(np.float32) / 255
    mean, spread = np.float32(0.5), np.float32(0.5)
    batch = ((scaled - mean) / spread).transpose(2, 0, 1)[None]
    return np.asarray(_run(_session("PP-OCRv6_det_small.onnx"), np.ascontiguousarray(batch))[0, 0])


def read_lines(lines: list[Image]) -> list[Line]:
    """What each picture of one upright line says. Each is `HEIGHT` high."""
    order = sorted(range(len(lines)), key=lambda place: lines[place].shape[1])
    found: dict[int, Line] = {}
    while order:
        most = max(1, BATCH // lines[order[-1]].shape[1])
        places = order[-most:]
        del order[-most:]
        found |= zip(places, _read_batch([lines[place] for place in places]), strict=True)
    return [found[place] for place in range(len(lines))]


def _read_batch(lines: list[Image]) -> list[Line]:
    width = max(line.shape[1] for line in lines)
    batch = np.zeros((len(lines), 3, HEIGHT, width), np.float32)
    for place, line in enumerate(lines):
        batch[place, :, :, : line.shape[1]] = (line[:, :, ::-1].astype(np.float32) / 127.5 - 1).transpose(2, 0, 1)
    found = _run(_session("PP-OCRv6_rec_small.onnx"), batch)
    return [_decoded(found[place], line.shape[1] / width) for place, line in enumerate(lines)]


def _decoded(steps: npt.NDArray[np.float32], share: float) -> Line:
    """The characters of one line, where `steps` goes over `1 / share` of its width."""
    best, sure = steps.argmax(axis=1), steps.max(axis=1)
    starts = (best != BLANK) & (best != np.concatenate(([-1], best[:-1])))
    places = np.flatnonzero(starts)
    return Line(
        "".join(_characters()[best[place]] for place in places),
        tuple(_peak(best, sure, int(place)) for place in places),
        tuple(min(1.0, float((place + 0.5) / len(best) / share)) for place in places),
    )


def _peak(best: npt.NDArray[np.int64], sure: npt.NDArray[np.float32], place: int) -> float:
    """How sure a character is at the surest of the steps that it takes."""
    end = place
    while end < len(best) and best[end] == best[place]:
        end += 1
    return float(sure[place:end].max())


@cache
def _characters() -> tuple[str, ...]:
    listed = _session("PP-OCRv6_rec_small.onnx").get_modelmeta().custom_metadata_map["character"]
    return ("", *listed.splitlines(), " ")
