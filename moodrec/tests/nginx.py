"""A real nginx before an install: one door that keeps the sub-path, one that takes it off."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from moodrec.tests.installs import free_port

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
_CONFIG = """
daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-Proto $scheme;
  server {{ listen 127.0.0.1:{kept}; location {base}/ {{ proxy_pass http://127.0.0.1:{port}; }} }}
  server {{ listen 127.0.0.1:{stripped}; location {base}/ {{ proxy_pass http://127.0.0.1:{port}/; }} }}
}}
"""


@contextmanager
def nginx(folder: Path, base: str, port: int) -> Iterator[dict[str, str]]:
    """Serve the install at `base`; yields the origin of each door. All else is nginx's own 404."""
    doors = {"kept": free_port(), "stripped": free_port()}
    config = folder / "nginx.conf"
    config.write_text(_CONFIG.format(folder=folder, base=base, port=port, **doors))
    process = subprocess.Popen([str(NGINX), "-c", str(config), "-e", str(folder / "error.log")])
    try:
        origins = {name: f"http://localhost:{number}" for name, number in doors.items()}
        _answers(origins["kept"])
        yield origins
    finally:
        process.terminate()
        process.wait(10)


def _answers(address: str) -> None:
    for _ in range(100):
        try:
            requests.get(address, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
