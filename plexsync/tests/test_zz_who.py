from plexsync.tests.test_failures import *
from moodrec.tests.household import *
from plexsync.tests.test_failures import ROUTES
pytestmark = pytest.mark.django_db
def test_who(browser, plex):
    plex.faults.set({"slow_ms": 30_000})
    out=[]; n=0
    for name, address in ROUTES:
        if name not in {"welcome", "play", "poster", "art"}:
            browser.get(address)
            m=calls(plex)
            if m!=n: out.append((name,address,m))
            n=m
    browser.post("/", {"vibe": "funny", "minutes": "120"}, follow=True)
    out.append(calls(plex))
    assert out==1
