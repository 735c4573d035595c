"""Compositions of shapes: rings, beams, tiles, discs, a spiral, arches, a doorway, blinds."""

from __future__ import annotations

import math

from plexsync.demo.canvas import Canvas, Points, figure
from plexsync.demo.palettes import Colour, mix


def rings(c: Canvas) -> None:
    """Circles within circles, drawing the eye to a small figure."""
    t = c.tones
    c.sky(t.soft, mix(t.soft, t.deep, 0.55))
    x, y = c.width * 0.5, c.height * 0.4
    for n in range(14, 0, -1):
        shade = t.deep if n % 2 else mix(t.soft, t.light, 0.55 * (1 - n / 14))
        drift = c.unit * n * 0.55
        c.disc(x + drift * c.rng.uniform(-0.4, 0.4), y + drift * 0.5, c.unit * n * 4.6, shade)
    c.disc(x, y, c.unit * 5.2, t.light)
    figure(c, x, y + c.unit * 4.2, c.unit * 10, t.night)


def rays(c: Canvas) -> None:
    """Beams bursting from behind a peak."""
    t = c.tones
    c.sky(t.deep, t.soft)
    x, y = c.width * c.rng.uniform(0.35, 0.65), c.height * 0.5
    reach, count = c.width + c.height, c.rng.choice([14, 18, 22])
    for n in range(count):
        start = 2 * math.pi * n / count + 0.1
        fan = [
            (x + reach * math.cos(start + turn), y + reach * math.sin(start + turn))
            for turn in (0, math.pi / count)
        ]
        c.pen.polygon([(x, y), *fan], fill=mix(t.soft, t.light, 0.25 + 0.55 * (n % 2)))
    c.glow(x, y, c.unit * 85, t.accent, 0.85)
    c.disc(x, y, c.unit * 15, t.accent)
    peak = [
        (c.width * -0.1, c.height),
        (x - c.unit * 6, y - c.unit * 3),
        (x + c.unit * 3, y + c.unit * 4),
        (c.width * 1.1, c.height),
    ]
    c.pen.polygon([(px, py + c.unit * 8) for px, py in peak], fill=t.night)
    c.ridge(0.8, 0.03, mix(t.night, (0, 0, 0), 0.35))


def blocks(c: Canvas) -> None:
    """A grid of quarter circles, halves and dots, in the manner of the Bauhaus."""
    t = c.tones
    c.sky(t.light, t.light)
    columns = c.rng.choice([3, 4])
    side = c.width / columns if c.width < c.height else c.height / columns
    inks = [t.night, t.deep, t.soft, t.accent, mix(t.soft, t.light, 0.4)]
    for row in range(math.ceil(c.height / side)):
        for column in range(math.ceil(c.width / side)):
            ground, ink = c.rng.sample([*inks, t.light], 2)
            box = (column * side, row * side, (column + 1) * side, (row + 1) * side)
            c.pen.rectangle(box, fill=ground)
            _block(c, box, ink)


def _block(c: Canvas, box: tuple[float, float, float, float], ink: Colour) -> None:
    left, top, right, bottom = box
    side, kind, turn = right - left, c.rng.randrange(5), c.rng.randrange(4)
    corner = [(left, top), (right, top), (right, bottom), (left, bottom)][turn]
    if kind in {0, 1}:
        around = (corner[0] - side, corner[1] - side, corner[0] + side, corner[1] + side)
        c.pen.pieslice(around, (0, 90, 180, 270)[turn], (90, 180, 270, 360)[turn], fill=ink)
    elif kind == 2:
        c.disc((left + right) / 2, (top + bottom) / 2, side * 0.36, ink)
    elif kind == 3:
        opposite = [(right, top), (right, bottom), (left, bottom), (left, top)][turn]
        c.pen.polygon([corner, opposite, ((left + right) / 2, (top + bottom) / 2)], fill=ink)
    else:
        for n in range(4):
            c.ring(
                (left + right) / 2, (top + bottom) / 2, side * (0.44 - n * 0.11), side * 0.05, ink
            )


def pair(c: Canvas) -> None:
    """Two discs that meet, and what they share."""
    t = c.tones
    c.sky(t.light, mix(t.light, t.soft, 0.75))
    radius, y = c.unit * 29, c.height * 0.38
    apart, tilt = radius * c.rng.uniform(0.55, 0.75), c.unit * c.rng.uniform(-8, 8)
    left, right = (c.width / 2 - apart, y - tilt), (c.width / 2 + apart, y + tilt)
    c.glow(c.width / 2, y, radius * 2.6, t.accent, 0.7)
    c.disc(*left, radius, mix(t.soft, t.accent, 0.1))
    c.disc(*right, radius, t.deep)
    half = math.acos(min(1.0, math.dist(left, right) / 2 / radius))
    facing = math.atan2(right[1] - left[1], right[0] - left[0])
    lens: Points = []
    for centre, turn in ((left, facing), (right, facing + math.pi)):
        for step in range(25):
            angle = turn - half + 2 * half * step / 24
            lens.append(
                (centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle))
            )
    c.pen.polygon(lens, fill=t.night)
    for n in range(3):
        c.ring(*left, radius + c.unit * (4 + n * 4), c.unit * 0.35, mix(t.soft, t.light, 0.3 * n))


def spiral(c: Canvas) -> None:
    """A spiral one could fall into."""
    t = c.tones
    c.sky(t.soft, mix(t.soft, t.night, 0.5))
    x, y, turns = c.width / 2, c.height * 0.42, c.rng.choice([5, 6, 7])
    reach, way = math.hypot(c.width, c.height) * 0.62, c.rng.choice([-1, 1])
    for arm in range(2):
        inner: Points = []
        outer: Points = []
        for step in range(161):
            share = step / 160
            angle = way * share * turns * math.pi + arm * math.pi
            far = reach * share**1.25
            inner.append((x + far * math.cos(angle), y + far * math.sin(angle)))
            thick = angle + way * 0.95
            outer.append((x + far * math.cos(thick), y + far * math.sin(thick)))
        c.pen.polygon([*inner, *reversed(outer)], fill=(t.night, t.deep)[arm])
    c.disc(x, y, c.unit * 3.4, t.accent)


def doorway(c: Canvas) -> None:
    """An open door, light across the floor, somebody in it."""
    t = c.tones
    c.sky(t.night, mix(t.night, t.deep, 0.8))
    x, floor = c.width * c.rng.uniform(0.38, 0.62), c.height * 0.6
    half, tall, foot = c.unit * 12, c.unit * 52, c.height
    c.pen.rectangle((0, floor, c.width, foot), fill=mix(t.night, (0, 0, 0), 0.3))
    c.glow(x, floor - tall * 0.5, tall * 1.1, t.soft, 0.75)
    beam = [(x - half, floor), (x + half, floor), (x + c.unit * 46, foot), (x - c.unit * 32, foot)]
    c.pen.polygon(beam, fill=mix(t.soft, t.light, 0.35))
    c.pen.rectangle((x - half, floor - tall, x + half, floor), fill=mix(t.light, t.accent, 0.4))
    hinge, edge = x - half, x - half * 2.2
    leaf = [(hinge, floor - tall), (edge, floor - tall * 1.07), (edge, floor + c.unit * 5)]
    c.pen.polygon([*leaf, (hinge, floor)], fill=mix(t.deep, t.soft, 0.25))
    figure(c, x + c.unit, floor + c.unit, c.unit * 33, t.night)
    shade = [(x - c.unit * 3, floor), (x + c.unit * 5, floor), (x + c.unit * 16, foot)]
    c.pen.polygon([*shade, (x - c.unit * 8, foot)], fill=mix(t.night, t.deep, 0.5))


def arches(c: Canvas) -> None:
    """Rainbow arches standing in a row, one behind another."""
    t = c.tones
    c.sky(mix(t.light, t.accent, 0.5), t.light)
    inks = [t.night, t.deep, t.soft, t.accent, mix(t.soft, t.light, 0.5)]
    for row in range(4):
        base = c.height * (0.36 + 0.16 * row)
        radius = c.unit * (c.rng.uniform(24, 34) + row * 3)
        x = c.rng.uniform(-0.3, 0.3) * radius
        while x < c.width + radius:
            _arch(c, x, base, radius, c.rng.sample(inks, len(inks)))
            x += radius * 2


def _arch(c: Canvas, x: float, base: float, radius: float, inks: list[Colour]) -> None:
    for n, ink in enumerate(inks):
        wide = radius * (1 - n * 0.19)
        c.pen.pieslice((x - wide, base - wide, x + wide, base + wide), 180, 360, fill=ink)
        c.pen.rectangle((x - wide, base, x + wide, c.height), fill=ink)


def blinds(c: Canvas) -> None:
    """Light through a window's blinds, and the shadow of a head in it."""
    t = c.tones
    c.sky(mix(t.night, t.deep, 0.5), t.night)
    x, y = c.width * c.rng.uniform(0.4, 0.6), c.height * 0.4
    c.glow(x, y, c.unit * 85, t.soft, 0.7)
    lean, step = c.unit * c.rng.choice([-9, 9]), c.unit * 6.4
    for n in range(11):
        top = y - step * 5.6 + step * n
        left, right = x - c.unit * 38, x + c.unit * 38
        slat = [(left, top + lean), (right, top - lean)]
        slat += [(right, top - lean + step * 0.62), (left, top + lean + step * 0.62)]
        c.pen.polygon(slat, fill=mix(t.light, t.accent, 0.15 + 0.05 * (n % 3)))
    head, dark = y + c.unit * 3, mix(t.night, (0, 0, 0), 0.35)
    c.disc(x, head, c.unit * 12, dark)
    c.pen.rectangle((x - c.unit * 5, head, x + c.unit * 5, head + c.unit * 20), fill=dark)
    brim = (x - c.unit * 20, head - c.unit * 10, x + c.unit * 20, head - c.unit * 5)
    c.pen.ellipse(brim, fill=dark)
    crown = (x - c.unit * 11, head - c.unit * 20, x + c.unit * 11, head - c.unit * 6)
    c.pen.rounded_rectangle(crown, radius=c.unit * 4, fill=dark)
    coat = (x - c.unit * 29, head + c.unit * 15, x + c.unit * 29, head + c.unit * 75)
    c.pen.ellipse(coat, fill=dark)
