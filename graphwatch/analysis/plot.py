"""A distribution as a drawing: how many nodes have which score."""

from typing import Final

import numpy as np
from jinja2 import Environment

from graphwatch.analysis.network import Reals

_BARS: Final = 24
_WIDTH, _HEIGHT, _MARGIN = 640, 360, 56

_TEMPLATE: Final = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{ width }} {{ height }}" role="img" font-family="sans-serif">
<title>{{ title }}</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="{{ margin }}" y="24" font-size="15" fill="#222">{{ title }}</text>
{% for bar in bars %}<rect x="{{ bar.x }}" y="{{ bar.y }}" width="{{ bar.width }}" height="{{ bar.height }}" \
fill="#0072b2"><title>{{ bar.title }}</title></rect>
{% endfor %}<path d="M{{ margin }} {{ floor }}H{{ width - margin }}" stroke="#222"/>
{% for mark in marks %}<text x="{{ mark.x }}" y="{{ floor + 18 }}" font-size="12" text-anchor="{{ mark.anchor }}" \
fill="#222">{{ mark.text }}</text>
{% endfor %}<text x="{{ margin - 6 }}" y="{{ top + 4 }}" font-size="12" text-anchor="end" fill="#222">{{ most }}</text>
<text x="{{ margin }}" y="{{ height - 10 }}" font-size="12" fill="#555">{{ below }}</text>
</svg>
"""


def distribution(value: Reals, title: str) -> str:
    """A histogram as SVG: bars of equal width from the smallest score to the largest; heights on a square-root scale.

    The scale of heights leaves the few at the far end visible beside the many at the near one.

    >>> distribution(np.array([0.0, 0.0, 1.0]), "degree <of> A & B").count("<rect")
    3
    """
    count, edge = np.histogram(value, bins=_BARS) if len(value) else (np.zeros(1, int), np.array([0.0, 1.0]))
    most = int(count.max())
    top, floor = _MARGIN, _HEIGHT - _MARGIN
    step = (_WIDTH - 2 * _MARGIN) / len(count)
    bars = []
    for i in np.flatnonzero(count).tolist():
        height = (floor - top) * float(np.sqrt(count[i] / most))
        bars.append(
            {
                "x": f"{_MARGIN + i * step:.1f}",
                "y": f"{floor - height:.1f}",
                "width": f"{max(step - 1, 0.5):.1f}",
                "height": f"{height:.1f}",
                "title": f"{edge[i]:.4g} to {edge[i + 1]:.4g}: {count[i]:,}",
            }
        )
    marks = [
        {"x": _MARGIN, "anchor": "start", "text": f"{edge[0]:.4g}"},
        {"x": _WIDTH / 2, "anchor": "middle", "text": f"{(edge[0] + edge[-1]) / 2:.4g}"},
        {"x": _WIDTH - _MARGIN, "anchor": "end", "text": f"{edge[-1]:.4g}"},
    ]
    template = Environment(autoescape=True, keep_trailing_newline=True).from_string(_TEMPLATE)
    return template.render(
        width=_WIDTH,
        height=_HEIGHT,
        margin=_MARGIN,
        top=top,
        floor=floor,
        title=title,
        bars=bars,
        marks=marks,
        most=f"{most:,}",
        below=f"{len(value):,} nodes; heights on a square-root scale",
    )
