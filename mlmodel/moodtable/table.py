"""What each sign says of each mood: the table itself, for people to read. Reading it is `moods`.

Written by hand from what the words mean; the household changes it for itself in the back office (`MoodRule`).
"""

MOODS: tuple[str, ...] = (
    "funny",
    "action",
    "dramatic",
    "relaxing",
    "tense",
    "scary",
    "romantic",
    "dark",
    "thoughtful",
    "uplifting",
)

# Every number is evidence in logits and adds up: 0 says nothing, +1 "rather yes", +3 "surely", -1 "rather not".
# A title's mood is 1 / (1 + exp(-sum)), so 0.5 or more reads "most people would say it has this mood".

# What is true of a title of which nothing is known.
BASE: dict[str, float] = {
    "funny": -1.4,
    "action": -1.6,
    "dramatic": -0.9,
    "relaxing": -1.6,
    "tense": -1.4,
    "scary": -2.6,
    "romantic": -2.0,
    "dark": -1.4,
    "thoughtful": -1.6,
    "uplifting": -1.5,
}

GENRES: dict[str, dict[str, float]] = {
    "action": {"action": 3.2, "tense": 0.6, "funny": 0.3, "relaxing": -1.2, "romantic": -0.6, "thoughtful": -0.6,
               "dramatic": -0.4, "dark": -0.7, "uplifting": -0.2},
    "adventure": {"action": 1.7, "tense": 0.3, "dark": -0.7, "dramatic": -0.3},
    "animation": {"relaxing": 1.2, "funny": 0.4, "uplifting": 0.5, "action": 0.3, "tense": -0.8, "dark": -0.5},
    "comedy": {"funny": 3.2, "relaxing": 0.9, "uplifting": 0.4, "tense": -1.6, "scary": -0.9, "dramatic": -0.9,
               "action": -0.6, "dark": -0.4, "thoughtful": -0.3},
    "crime": {"tense": 1.0, "dark": 0.8, "action": 0.4, "funny": 0.2, "relaxing": -1.2, "romantic": -0.6,
              "uplifting": -0.8},
    "documentary": {"thoughtful": 1.4, "uplifting": 0.4, "relaxing": 0.2, "action": -1.6, "romantic": -1.5,
                    "scary": -1.0, "funny": -0.7, "tense": -0.8, "dramatic": -0.5},
    "drama": {"dramatic": 2.1, "thoughtful": 0.9, "dark": 0.5, "romantic": 0.3, "uplifting": 0.4, "tense": 0.2,
              "relaxing": 0.3, "funny": -0.9, "action": -0.6, "scary": -0.7},
    "family": {"relaxing": 2.0, "uplifting": 1.3, "funny": 0.2, "action": 0.3, "dark": -1.5, "scary": -1.0,
               "tense": -1.4, "thoughtful": -0.5},
    "fantasy": {"action": 1.3, "scary": 1.0, "relaxing": 0.4, "romantic": 0.3, "thoughtful": 0.1, "uplifting": -0.3},
    "history": {"dramatic": 1.0, "uplifting": 0.5, "thoughtful": 0.1, "funny": -0.7, "scary": -0.8},
    "horror": {"scary": 4.6, "tense": 1.6, "dark": 1.2, "action": 0.3, "relaxing": -3.0, "uplifting": -2.0,
               "romantic": -1.0, "dramatic": -0.8},
    "music": {"uplifting": 1.2, "relaxing": 1.0, "romantic": 0.4, "thoughtful": -0.5, "tense": -1.0, "action": -0.9,
              "scary": -0.6, "funny": -0.2},
    "mystery": {"tense": 2.2, "scary": 0.9, "dark": 0.7, "thoughtful": 0.6, "relaxing": -0.8, "uplifting": -0.8,
                "romantic": -0.5},
    "romance": {"romantic": 3.4, "relaxing": 0.9, "uplifting": 0.5, "dramatic": 0.3, "funny": -0.3, "tense": -1.0,
                "scary": -0.9, "action": -0.9, "dark": -0.6},
    "science fiction": {"action": 1.1, "thoughtful": 1.0, "tense": 0.5, "scary": 0.3, "romantic": -0.3,
                        "relaxing": -0.3, "uplifting": -0.4},
    "thriller": {"tense": 2.8, "scary": 0.6, "action": 0.8, "thoughtful": 0.4, "dark": 0.3, "relaxing": -1.7,
                 "uplifting": -1.1, "funny": -0.4},
    "tv movie": {"thoughtful": -0.4},
    "war": {"action": 1.4, "dramatic": 1.0, "dark": 0.6, "tense": 0.5, "relaxing": -0.8, "funny": -0.5,
            "uplifting": 0.2},
    "western": {"action": 1.6, "tense": 0.3, "dark": -0.5, "romantic": -0.5, "scary": -0.8, "thoughtful": -0.2},
    "sport": {"uplifting": 1.9, "dramatic": 0.4, "action": 0.4},
    "biography": {"dramatic": 0.9, "thoughtful": 0.8, "uplifting": 1.0, "scary": -0.9},
    "reality": {"relaxing": 0.8, "funny": 0.4, "thoughtful": -0.6, "dramatic": -0.4},
    "talk": {"funny": 1.4, "relaxing": 0.9},
    "soap": {"dramatic": 1.4, "romantic": 1.2},
    "news": {"thoughtful": 1.2},
    "travel": {"relaxing": 1.6, "uplifting": 0.6},
    "food": {"relaxing": 1.8, "uplifting": 0.5},
    "nature": {"relaxing": 1.6, "thoughtful": 0.8},
}  # fmt: skip

# What two genres together say, beside what each says alone; the two in alphabetical order.
PAIRS: dict[tuple[str, str], dict[str, float]] = {
    # A laugh takes the weight off.
    ("action", "comedy"): {"action": -0.5, "tense": -0.5, "relaxing": -0.5},
    ("comedy", "thriller"): {"action": -0.4, "tense": -0.4},
    ("comedy", "crime"): {"funny": 0.3, "tense": -0.4, "relaxing": -0.8},
    ("comedy", "romance"): {"dramatic": -0.6},
    ("adventure", "comedy"): {"uplifting": -0.6},
    # Unless it is a bitter one.
    ("comedy", "horror"): {"dark": 0.8, "scary": -0.4},
    # The feel-good film, and the one for the handkerchief.
    ("comedy", "drama"): {"relaxing": 0.5, "romantic": 0.3, "dark": 0.3},
    ("drama", "family"): {"uplifting": 0.7},
    # Pursuit rather than gloom or riddles.
    ("action", "thriller"): {"dark": -0.4},
    ("action", "crime"): {"tense": -0.5},
    # What if?
    ("drama", "science fiction"): {"thoughtful": 0.6},
    ("science fiction", "thriller"): {"thoughtful": 0.5},
    # Ghosts, curses and bargains with the devil.
    ("drama", "fantasy"): {"scary": 0.5},
}

# Other names of the same: Plex's, TMDB's and TVDB's.
SAME_GENRE: dict[str, tuple[str, ...]] = {
    "sci-fi": ("science fiction",),
    "scifi": ("science fiction",),
    "sci-fi & fantasy": ("science fiction", "fantasy"),
    "action & adventure": ("action", "adventure"),
    "action/adventure": ("action", "adventure"),
    "war & politics": ("war",),
    "kids": ("family",),
    "kids & family": ("family",),
    "children": ("family",),
    "musical": ("music",),
    "musicals": ("music",),
    "suspense": ("thriller",),
    "film-noir": ("crime", "mystery"),
    "film noir": ("crime", "mystery"),
    "anime": ("animation",),
    "rom-com": ("romance", "comedy"),
    "romantic comedy": ("romance", "comedy"),
    "biopic": ("biography",),
    "sports": ("sport",),
    "historical": ("history",),
    "stand-up": ("comedy", "talk"),
    "stand-up comedy": ("comedy", "talk"),
    "talk show": ("talk",),
    "martial arts": ("action",),
    "superhero": ("action", "adventure"),
    "mini-series": (),
}

# Length, age and rating: each from a value (inclusive) up to the next line's value.
RUNTIME: tuple[tuple[float, dict[str, float]], ...] = (
    (0, {"funny": 0.3, "relaxing": 0.4, "dramatic": -0.4, "thoughtful": -0.2}),
    (90, {"funny": 0.2, "relaxing": 0.1, "dramatic": -0.2, "scary": 0.2}),
    (105, {}),
    (125, {"dramatic": 0.3, "thoughtful": 0.2, "funny": -0.4, "scary": -0.4, "relaxing": -0.2}),
    (150, {"dramatic": 0.6, "thoughtful": 0.3, "funny": -0.8, "scary": -0.8, "relaxing": -0.4}),
)
YEAR: tuple[tuple[float, dict[str, float]], ...] = (
    (0, {"romantic": 0.2, "dark": -0.3, "action": -0.4}),
    (1970, {"action": -0.2}),
    (1980, {}),
    (2000, {"dark": 0.1}),
)
RATING: tuple[tuple[float, dict[str, float]], ...] = (
    (0, {"thoughtful": -1.0, "dark": -0.6, "dramatic": -0.4, "uplifting": -0.5, "tense": -0.2}),
    (5.5, {"thoughtful": -0.4, "dark": -0.3, "dramatic": -0.2, "uplifting": -0.2}),
    (6.5, {}),
    (7.2, {"thoughtful": 0.5, "dark": 0.4, "dramatic": 0.2, "uplifting": 0.2, "tense": 0.1}),
    (7.8, {"thoughtful": 0.9, "dark": 0.8, "dramatic": 0.3, "uplifting": 0.3, "tense": 0.2}),
)
# Content rating: the least age that it asks for.
AGE: tuple[tuple[float, dict[str, float]], ...] = (
    (0, {"relaxing": 0.5, "uplifting": 0.3, "dark": -0.8, "scary": -0.8, "tense": -0.4}),
    (7, {"relaxing": 0.3, "uplifting": 0.2, "dark": -0.5, "scary": -0.4}),
    (12, {}),
    (16, {"dark": 0.4, "scary": 0.2, "relaxing": -0.4, "uplifting": -0.2}),
    (18, {"dark": 0.6, "scary": 0.4, "relaxing": -0.7, "uplifting": -0.4}),
)

# A phrase in the name of a collection (or franchise) that the title is in.
COLLECTIONS: dict[str, dict[str, float]] = {
    "christmas": {"relaxing": 1.2, "uplifting": 0.8, "dark": -0.5},
    "halloween": {"scary": 1.0},
    "feel good": {"relaxing": 1.5, "uplifting": 1.5, "dark": -1.0},
    "date night": {"romantic": 1.2},
    "disney": {"relaxing": 0.8, "uplifting": 0.6, "dark": -0.6},
    "pixar": {"uplifting": 0.8, "funny": 0.5, "relaxing": 0.5},
    "ghibli": {"relaxing": 0.8, "uplifting": 0.6, "thoughtful": 0.5},
    "muppet": {"funny": 1.0, "relaxing": 0.8},
    "muppets": {"funny": 1.0, "relaxing": 0.8},
    "marvel": {"action": 1.0},
    "avengers": {"action": 1.0},
    "x-men": {"action": 0.8},
    "batman": {"action": 0.6, "dark": 0.8},
    "dc": {"action": 0.8},
    "star wars": {"action": 0.8},
    "james bond": {"action": 1.2, "tense": 0.6},
    "mission: impossible": {"action": 1.0, "tense": 0.8},
    "monty python": {"funny": 1.5},
    "conjuring": {"scary": 1.0},
    "saw": {"scary": 0.8, "dark": 1.0},
}

MOST_WORDS = 2.0  # all words of a title and its summary together move a mood by no more than this
