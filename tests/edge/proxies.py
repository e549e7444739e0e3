"""nginx and Caddy with the settings of deploy/, on ports and files of their own."""

from __future__ import annotations

import os
import shutil
import ssl
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import ROOT
from tests.edge.honest import get
from tests.process_group import running_group
from tests.system.site import free_port, wait_for

CERTIFICATE = ROOT / "tests" / "dyno" / "self_signed.pem"
HOST = "weather.example.org"
# Before the server blocks, as Debian's /etc/nginx/nginx.conf has it.
NGINX_MAIN = """\
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
worker_processes 1;
events {{ worker_connections 768; }}
http {{
    access_log off;
    client_body_temp_path {folder}/nginx-body;
    proxy_temp_path {folder}/nginx-proxy;
    fastcgi_temp_path {folder}/nginx-fastcgi;
    uwsgi_temp_path {folder}/nginx-uwsgi;
    scgi_temp_path {folder}/nginx-scgi;
{servers}
}}
"""


@dataclass(frozen=True)
class Proxy:
    """`port` speaks plain HTTP as the settings' HTTPS port does; `tls_port` HTTPS, where it is."""

    port: int
    folder: Path
    tls_port: int = 0


def replace(text: str, changes: dict[str, str]) -> str:
    """Each change must have its place: the file in deploy/ may have been edited."""
    for old, new in changes.items():
        assert old in text, f"deploy/ does not say {old!r}"
        text = text.replace(old, new)
    return text


@contextmanager
def running_nginx(folder: Path, site_port: int) -> Iterator[Proxy]:
    proxy = Proxy(free_port(), folder, tls_port=free_port())
    certificate = f"/etc/letsencrypt/live/{HOST}"
    servers = replace(
        (ROOT / "deploy" / "nginx.conf").read_text(),
        {
            "listen 80;": f"listen 127.0.0.1:{free_port()};",
            "listen 443 ssl;": f"listen 127.0.0.1:{proxy.tls_port} ssl;\n"
            f"    listen 127.0.0.1:{proxy.port};",
            f"{certificate}/fullchain.pem": str(CERTIFICATE),
            f"{certificate}/privkey.pem": str(CERTIFICATE),
            f"server_name {HOST};": "server_name localhost;",
            "127.0.0.1:8000": f"127.0.0.1:{site_port}",
        },
    )
    settings = folder / "nginx.conf"
    settings.write_text(NGINX_MAIN.format(folder=folder, servers=servers))
    command = [require("nginx"), "-p", str(folder), "-c", str(settings), "-e", "stderr"]
    if os.geteuid() == 0:
        command += ["-g", "user root;"]  # its own folder is not everybody's
    with running_group(command, folder / "nginx.log", os.environ):
        wait_for("nginx answers", lambda: get(proxy.port, "/health").status == 200)
        yield proxy


@contextmanager
def running_caddy(folder: Path, site_port: int) -> Iterator[Proxy]:
    proxy = Proxy(free_port(), folder)
    settings = folder / "Caddyfile"
    settings.write_text(
        replace(
            (ROOT / "deploy" / "Caddyfile").read_text(),
            {
                "\tservers {": "\tadmin off\n\tservers {",
                f"\n{HOST} {{": f"\nhttp://:{proxy.port} {{\n\tbind 127.0.0.1",
                "127.0.0.1:8000": f"127.0.0.1:{site_port}",
            },
        )
    )
    environment = os.environ | {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)}
    command = [require("caddy"), "run", "--config", str(settings), "--adapter", "caddyfile"]
    with running_group(command, folder / "caddy.log", environment):
        wait_for("Caddy answers", lambda: get(proxy.port, "/health").status == 200)
        yield proxy


def find(program: str) -> str | None:
    """Debian keeps nginx where root alone looks."""
    return shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")


def require(program: str) -> str:
    found = find(program)
    assert found, f"{program} is not installed: apt-get install {program} (.ci/run does it)"
    return found


def trusting_nobody() -> ssl.SSLContext:
    """For a certificate that is signed by itself."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


PROXIES: dict[str, Callable[[Path, int], AbstractContextManager[Proxy]]] = {
    "nginx": running_nginx,
    "caddy": running_caddy,
}
