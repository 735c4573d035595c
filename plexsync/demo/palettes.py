"""The colours of a poster: what a genre feels like, from the darkest tone to the accent."""

from __future__ import annotations

from typing import NamedTuple

Colour = tuple[int, int, int]


class Palette(NamedTuple):
    """Four tones of a scene and the colour of what stands out in it."""

    night: Colour
    deep: Colour
    soft: Colour
    light: Colour
    accent: Colour


def _palette(text: str) -> Palette:
    tones = [bytes.fromhex(code) for code in text.split()]
    return Palette(*((tone[0], tone[1], tone[2]) for tone in tones))


_GENRES = {
    "Action": ["1a0b12 7a1420 d9432a f6b352 ffe9c2", "0d1321 1d2d44 c44536 f28f3b fff1d6"],
    "Adventure": ["12263a 1f5a68 d98e4a f4d58d fff6dc", "20262e 3a6351 c9963f f2e3b6 e4572e"],
    "Animation": ["2b1a5a 6a3fb0 ff7aa2 ffd166 e8fff7", "083d77 2e86ab f6511d ffd23f fffbe6"],
    "Biography": ["2a211c 6b4a36 b98b5e e8d3ae fbf5e6", "22313a 4f6d7a c2a878 eadfc8 d1495b"],
    "Comedy": ["31205e e4466c ff8c5a ffd45e fff8df", "0b4f6c 01a7c2 ff6f59 ffe066 fffaf0"],
    "Crime": ["0c0f14 232b38 5a6475 d7b377 f5ead2", "15110d 4a2c1d 9c5b2e e0b15c f7ead0"],
    "Documentary": ["1c2b2d 37595b 8aa39b dfe0d0 e76f51", "26231f 6b4f3a b98f63 ecdcbd e9a23b"],
    "Drama": ["17202f 3b4a6b b0728a efb9a0 fdeedd", "1b1f2a 41526b 8fa3b0 e8d9c5 c96f53"],
    "Family": ["0f3d5e 2a8fbd 7ed0c4 ffe08a fffdf0", "30336b 6c5ce7 f78fb3 f7d794 fffef5"],
    "Fantasy": ["150f2e 3d2a78 8a56c2 f0a6ca ffeccc", "0a2233 155263 3ca59d f5c26b fff3d9"],
    "History": ["201a14 5b4528 a67c3e e6c98b f8eed7", "1d2521 45584a 94876a e1d2a8 a4402f"],
    "Horror": ["070608 1f0d12 6e0f1a c92a2a f3e4d7", "05090a 10231f 2e4f43 9dbf9e e8f1dd"],
    "Music": ["1b0b33 5c1a77 d1357f ff9f6b fff0d9", "101935 3a2e6e c84c9a f7b267 fef3dd"],
    "Mystery": ["0c1524 20385a 5b7aa1 d8cfae f4e8c8", "14121f 3a2d4f 7c6a98 d9b8a0 f7ebdd"],
    "Romance": ["3a1530 8c2f5b e5707e f9c0a8 fff1e4", "2b1b3d 73407a d97a8e ffcdb2 fff4ea"],
    "Science Fiction": ["050a1c 10285a 2f7fb5 8fe1e6 f9f4da", "0a0718 2a1455 7a3bbd ff7ac6 d9fbff"],
    "Sport": ["0e2a1d 1f6b45 8bbf4d f0e36b fdfdf0", "101d42 2547a8 f05d3e ffd166 fffdf4"],
    "Thriller": ["0a0d12 1c2a34 3f6170 d5a021 f4efe0", "120a0c 3a1620 8f2d3a e8a87c f8ecdf"],
    "War": ["14170f 3a4028 7b7645 d2b979 f2e8cf", "1a1a1c 45474a 8a7f6d d4b98c b23a2e"],
    "Western": ["2a140d 7a3218 d0763a f3c178 fdf0d5", "1f2432 6b3e3e c8754f f1c89a fbf0dd"],
    "Collection": ["10182b 2b3f6b 6d83b8 d9c48f faf3df", "1d1533 4b357a 9a78b8 f0cfa0 fff6e6"],
}
_ALSO = {"Sci-Fi": "Science Fiction", "Musical": "Music", "Sports": "Sport"}
PALETTES = {genre: [_palette(text) for text in texts] for genre, texts in _GENRES.items()}


def palette_for(genre: str, mark: int) -> Palette:
    """One of the genre's palettes; a genre we do not know gets that of drama."""
    choices = PALETTES.get(_ALSO.get(genre, genre), PALETTES["Drama"])
    return choices[mark % len(choices)]


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`share` of the other colour in the first."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue
