"""The catalogue: mirrors Plex, and is the only part that talks to it.

Where to look, in the order of a household's first evening:

- talking to Plex and plex.tv: `client/` (elements in, records out, PlexError or nothing)
- connecting: `linking`, `addresses`, `reaching`; what a failure means: `failing`
- mirroring: `sync` → `catalogue` → `sweep`, `records`, `identity`, `vanishing`; then `episodes`
- the steps of the first evening: `first_run`
- who watches, sees and watched what: `people`, their `pins`, `sight` (with age caps by `content_ratings`), `states`,
  `plays`, `hints`, `listen`
- giving back: `shelving`, `playing`, `links`
- pictures: `posters`, `kept_pictures`, `drawn`
- pages in `pages/`; a Plex server to try all of it on in `demo/`
"""
