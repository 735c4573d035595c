"""What of a template or a page a person sees or hears: its texts, and the attributes that are read out."""

import re
from html.parser import HTMLParser

READ_OUT = {"alt", "aria-label", "aria-description", "placeholder", "title", "aria-roledescription"}
UNSEEN = {"script", "style", "template", "code", "kbd", "pre"}
SAME_EVERYWHERE = {
    "MoodRec", "Plex", "API", "AUC", "JSON", "CSV", "PIN", "QR", "OpenAPI", "Letterboxd", "Trakt",
    "min", "h", "s", "htmx", "0BSD", "Django", "x", "v", "ms", "plex.tv", "app.plex.tv", "http", "https", "PWA", "BSD", "DE", "EN", "FR", "ES",
}  # fmt: skip
_TRANSLATED = re.compile(
    r"{%-?\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}", re.DOTALL
)
_COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?{%\s*endcomment\s*%}", re.DOTALL)
_ATTRIBUTES = re.compile(
    r"{%\s*block (?:\w*attributes|\w*class\w*)\s*%}.*?{%\s*endblock[^%]*%}", re.DOTALL
)
_TAG = re.compile(r"{{.*?}}|{%.*?%}", re.DOTALL)
_WORD = re.compile(r"[^\W\d_][\w.'’]*")


class Seen(HTMLParser):
    """Collects the texts of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[str] = []
        self.read_out: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in UNSEEN
        self.read_out += [value for name, value in attrs if name in READ_OUT and value]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._unseen -= tag in UNSEEN

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in UNSEEN

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.texts.append(data)


def seen(page: str) -> Seen:
    parser = Seen()
    parser.feed(page)
    parser.close()
    return parser


def words(text: str) -> list[str]:
    """The words of a text that mean something in one language only."""
    found = (word.rstrip(".'’") for word in _WORD.findall(text))
    return [word for word in found if word not in SAME_EVERYWHERE]


def bare_texts(template: str) -> list[str]:
    """Return what a template says outside of `translate` and `blocktranslate`."""
    source = _COMMENT.sub("", template)
    source = _ATTRIBUTES.sub("", _TRANSLATED.sub("", source))
    found = seen(_TAG.sub(" ", source))
    return [text.strip() for text in (*found.texts, *found.read_out) if words(text)]
