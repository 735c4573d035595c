"""The messages that stand in our code and templates, found without gettext's tools: new machines lack them."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.template import Engine, Node
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

ROOT: Path = settings.BASE_DIR
APPS = ("moodrec", "plexsync", "feedback", "mlmodel", "recommender")
OUTSIDE = {"tests", "migrations", "demo"}
ONE = {"_", "_lazy", "gettext", "gettext_lazy", "gettext_noop", "phrase"}
MANY = {"ngettext", "ngettext_lazy", "phrases"}
OF_CONTEXT = {"pgettext", "pgettext_lazy"}
_IN_A_TAG = re.compile(r"""{[{%][^%}]*?\b_\(\s*(?:"([^"]*)"|'([^']*)')\s*\)""")


class Message(NamedTuple):
    """What a .po file knows an entry by."""

    text: str
    plural: str = ""
    context: str = ""


def all_of_them() -> set[Message]:
    """Return every message of the product."""
    return {*in_python(), *in_templates()}


def in_python() -> Iterator[Message]:
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if not OUTSIDE & set(path.relative_to(ROOT).parts):
                yield from of_code(path.read_text(encoding="utf-8"))


def of_code(source: str) -> Iterator[Message]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (found := _of_call(node)):
            yield found


def _of_call(call: ast.Call) -> Message | None:
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    values = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
    texts = [value for value in values if isinstance(value, str)]
    if name in ONE and texts:
        return Message(texts[0])
    if name in MANY and len(texts) >= 2:
        return Message(texts[0], texts[1])
    if name in OF_CONTEXT and len(texts) >= 2:
        return Message(texts[1], context=texts[0])
    return None


def templates() -> list[Path]:
    """Our templates."""
    return sorted((ROOT / "templates").rglob("*.html"))


def in_templates() -> Iterator[Message]:
    engine = Engine.get_default()
    for path in templates():
        source = path.read_text(encoding="utf-8")
        for one, other in _IN_A_TAG.findall(source):
            yield Message(one or other)
        nodes = engine.from_string(source).nodelist
        for node in nodes.get_nodes_by_type((TranslateNode, BlockTranslateNode)):  # type: ignore[arg-type]
            yield of_node(node)


def of_node(node: Node) -> Message:
    context = getattr(node, "message_context", None)
    of = str(context.var) if context else ""
    if isinstance(node, TranslateNode):
        text = str(node.filter_expression.var.literal)
        return Message(text.replace("%", "%%"), context=of)  # as Django looks it up
    assert isinstance(node, BlockTranslateNode)
    one = node.render_token_list(node.singular)[0]
    many = node.render_token_list(node.plural)[0] if node.plural else ""
    return Message(one, many, of)
