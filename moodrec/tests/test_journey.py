"""A household's way through the product, in a real Chromium against the real thing."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from moodrec.tests.chromium import PHONE, SECONDS
from moodrec.tests.installs import Install, free_ports, home_of

pytestmark = [pytest.mark.browser, pytest.mark.processes]
COMPLAINTS: list[str] = []


@pytest.fixture(scope="module")
def link(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A fresh install; yields the link it printed."""
    with Install(tmp_path_factory.mktemp("home"), free_ports()).up() as link:
        yield link


@pytest.fixture(scope="module")
def page(chromium: Browser, link: str) -> Iterator[Page]:
    """A phone; whatever its console complains of fails the test that reads `complaints`."""
    page = chromium.new_page(viewport=PHONE, base_url=home_of(link))
    page.on("console", lambda line: COMPLAINTS.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: COMPLAINTS.append(str(error)))
    yield page
    page.close()


def own_account(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Username").fill("ada")
    page.get_by_label("Password", exact=True).fill("a-long-pass-word-1")
    page.get_by_label("Password confirmation").fill("a-long-pass-word-1")
    page.get_by_role("button", name="Make my account").click()


def answer(page: Page, card: int, stars: int) -> None:
    """Say of the title on a card that it was finished, and its stars."""
    article, noted = page.locator("article.card").nth(card), page.get_by_text("Noted:")
    before = noted.count()
    article.locator("details.talk > summary").first.click()
    article.get_by_role("group", name="Finished it?").locator("label", has_text="Yes").first.click()
    article.locator(f"label:has(input[name=rating][value='{stars}'])").first.click()
    article.get_by_role("button", name="Save").first.click()
    expect(noted).to_have_count(before + 1)


def loaded(page: Page, image: Locator) -> None:
    """The picture is there, and is one."""
    expect(image).to_have_js_property("complete", value=True)
    picture = page.request.get(image.evaluate("i => i.currentSrc"))
    assert picture.headers["content-type"] == "image/jpeg"


def elsewhere_one_goes_on(page: Page) -> None:
    """Another device that signs in lands on the step that is next, a reload stays on its own."""
    assert page.context.browser is not None
    home = page.url.removesuffix("/sync")
    context = page.context.browser.new_context(viewport=PHONE, base_url=home)
    other = context.new_page()
    other.goto("/sign-in")
    other.get_by_label("Username").fill("ada")
    other.get_by_label("Password").fill("a-long-pass-word-1")
    other.get_by_role("button", name="Sign in", exact=True).click()
    for _ in range(2):
        expect(other.get_by_role("heading", name="Who lives here?")).to_be_visible()
        expect(other.locator("[aria-current=step]")).to_contain_text("Who lives here")
        other.reload()
    context.close()


def trained(page: Page) -> None:
    """The worker has learnt what was asked of it last."""
    expect(page.locator("[data-job-title]")).to_have_text(
        re.compile("Done|Nothing to do"), timeout=90 * SECONDS
    )


def demo_library(page: Page) -> None:
    """The worker's progress stands on the page without a reload."""
    page.get_by_role("button", name="Use the demo library").click()
    expect(page.get_by_role("heading", name="Your library", exact=True)).to_be_visible()
    expect(page.locator("[data-job-title]")).to_have_text("Done", timeout=90 * SECONDS)
    expect(page.get_by_text("276 titles to choose from.")).to_be_visible()


def who_lives_here(page: Page) -> None:
    """Somebody of Plex by one tap, a child with an age limit."""
    page.get_by_role("link", name="Next: who lives here?").click()
    page.get_by_role("button", name="dora is not here: switch on").click()
    expect(page.get_by_role("button", name="dora is here: switch off")).to_be_visible()
    page.get_by_role("link", name="dora").click()
    page.get_by_label("Titles").select_option("12")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("dora sees nothing above 12")).to_be_visible()
    page.get_by_role("link", name="Who lives here?").click()
    expect(page.get_by_text("up to 12")).to_be_visible()


def asked(page: Page) -> list[str]:
    """Three titles come of the first ask, each with its poster."""
    page.get_by_role("link", name="That’s all: what shall we watch?").click()
    page.get_by_label("Funny").check()
    page.get_by_role("button", name="Find our three").click()
    expect(page.get_by_role("heading", name="Three for tonight")).to_be_visible()
    expect(page.locator("article.card")).to_have_count(3)
    expect(page.get_by_text("house rules")).to_be_visible()
    for image in page.locator("article.card .poster img").all():
        loaded(page, image)
    return page.locator("article.card h2").all_inner_texts()


def wide_picture(page: Page) -> None:
    """It is fetched by whoever wants to know more, and by nobody else."""
    wide = page.locator("article.card img.art").first
    assert not wide.evaluate("i => i.complete")
    page.locator("article.card:has(img.art)").first.get_by_text("What is it about?").click()
    loaded(page, wide)


def spun(page: Page, first: list[str]) -> None:
    """Feedback on all three, then three others, and feedback on them."""
    for card, stars in enumerate((5, 2, 4)):
        answer(page, card, stars)
    page.get_by_role("button", name="Just spin again").click()
    expect(page.locator("article.card h2").first).not_to_have_text(first[0])
    second = page.locator("article.card h2").all_inner_texts()
    assert len(second) == 3
    assert not set(first) & set(second)
    for card, stars in enumerate((5, 1, 4)):
        answer(page, card, stars)


def first_training(page: Page) -> None:
    page.get_by_role("link", name="Taste").first.click()
    page.get_by_role("button", name=re.compile("Train")).click()
    trained(page)
    page.reload()
    expect(page.get_by_text(re.compile("[Vv]ersion 1")).first).to_be_visible()


def test_from_the_first_link_to_the_learned_model(page: Page, link: str) -> None:
    """First run → demo library → sync → ask → three → spin → feedback → history → train."""
    own_account(page, link)
    demo_library(page)
    elsewhere_one_goes_on(page)
    who_lives_here(page)
    first = asked(page)
    wide_picture(page)
    spun(page, first)
    page.get_by_role("link", name="History").first.click()
    for title in first:
        expect(page.get_by_text(title, exact=True).first).to_be_visible()
    first_training(page)


def unfold(page: Page) -> None:
    """Open the folded parts of the page of taste, once all of it is there."""
    page.wait_for_load_state()
    page.evaluate("for (const part of document.querySelectorAll('details.fold')) part.open = true")


def test_a_lesson_is_taken_back_and_all_of_them(page: Page) -> None:
    """Model page: read → put an answer aside → learn from it again → begin anew → take that back."""
    page.goto("/model")
    unfold(page)
    use = page.get_by_role("button", name="Use version 1")
    if use.count():  # six hasty answers may well teach less than none
        use.click()
        expect(use).to_have_count(0)
        unfold(page)
    for heading in ("Taste", "Answers that moved it most", "Versions"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    lessons = page.get_by_role("button", name="Don’t learn from this")
    assert lessons.count() >= 2
    lessons.first.click()
    expect(page.get_by_text("teaches no more")).to_be_visible()
    trained(page)
    page.reload()
    unfold(page)
    again = page.get_by_role("button", name="Learn from it again")
    expect(again).to_have_count(1)
    again.click()
    expect(page.get_by_text("teaches again")).to_be_visible()
    expect(page.get_by_role("heading", name="Put aside")).to_have_count(0)
    trained(page)

    unfold(page)
    page.get_by_text("Forget what was learnt").click()
    page.get_by_role("button", name="Begin anew").click()
    expect(page.get_by_text("Your history is all there.")).to_be_visible()
    expect(page.locator("p.lead")).to_contain_text("The house rules")
    unfold(page)
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("What was said before teaches again.")).to_be_visible()
    trained(page)
    page.reload()
    expect(page.get_by_role("button", name="Take it back")).to_have_count(0)
    expect(page.get_by_role("heading", name="Done")).to_be_visible()


def test_a_number_of_the_mood_table_changes_a_title_s_profile(page: Page) -> None:
    page.goto("/admin/mlmodel/moodrule/")
    page.get_by_role("searchbox").fill("holy grail")
    page.keyboard.press("Enter")
    page.get_by_role("link", name=re.compile("Holy Grail")).first.click()
    bar = page.locator("table.bars tr", has=page.get_by_role("rowheader", name="scary")).locator(
        ".share"
    )
    before = bar.inner_text()
    field = page.get_by_label("Comedy: scary")
    field.fill("5")
    field.press("Enter")
    expect(page.get_by_text("1 number is changed.")).to_be_visible()
    expect(bar).to_contain_text("before your numbers")
    page.get_by_role("button", name=re.compile("Put back")).first.click()
    expect(page.get_by_text("Put back: what “comedy”", exact=False)).to_be_visible()
    expect(bar).to_have_text(before, use_inner_text=True)


def test_nothing_complained_on_the_way(page: Page) -> None:
    assert COMPLAINTS == []


def test_it_works_without_javascript(page: Page, chromium: Browser, link: str) -> None:
    """The same household, signed in, on a browser with scripts switched off."""
    context = chromium.new_context(
        java_script_enabled=False, viewport=PHONE, storage_state=page.context.storage_state()
    )
    plain = context.new_page()
    base = home_of(link)
    plain.goto(base + "/")
    plain.locator("#vibe-tense").check()
    plain.get_by_role("button", name="Find our three").click()
    expect(plain.locator("article.card")).to_have_count(3)
    answer(plain, 0, 4)
    plain.get_by_role("button", name="Just spin again").click()
    expect(plain.locator("article.card")).to_have_count(3)
    plain.goto(base + "/sync")
    plain.get_by_role("button", name="Sync now").click()
    plain.get_by_role("link", name="See how far it is").or_(
        plain.get_by_role("heading", name=re.compile("Done|Nothing"))
    ).first.wait_for()
    context.close()


@pytest.mark.parametrize(
    "path",
    ["/", "/history", "/favorites", "/model", "/sync", "/connect", "/people", "/giving-back",
     "/giving-back?show=mood_playlists", "/giving-back/remove", "/titles/1/play"],
)  # fmt: skip
def test_no_page_scrolls_sideways_on_a_phone(page: Page, path: str) -> None:
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_link_works_once(page: Page, link: str) -> None:
    response = page.goto(link)
    assert response is not None
    assert response.status == 410
