"""A running agent: what a request costs it, and how it does beside nginx with the same bytes."""
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time

from scanning import MIB, note, write_config

TICKS = os.sysconf("SC_CLK_TCK")
# The token is read from the environment: command lines are for everybody to see.
WRK_SCRIPT = 'wrk.headers["Authorization"] = "Bearer " .. os.getenv("IMC_BENCH_TOKEN")\n'


@contextlib.contextmanager
def process(command, **options):
    """Runs beside the body and is ended after it, whatever happens."""
    running = subprocess.Popen(command, stdin=subprocess.DEVNULL, **options)
    try:
        yield running
    finally:
        if running.poll() is None:
            running.send_signal(signal.SIGTERM)
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                running.kill()
                running.wait()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_ready(program, config, data, running, limit):
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        if running.poll() is not None:
            raise SystemExit(f"tools/bench: the agent ended with {running.returncode}")
        status = subprocess.run([program, "status", "--config", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if status.returncode != 3 and (data / "agent.json").exists():
            return json.loads((data / "agent.json").read_text())
        time.sleep(0.2)
    raise SystemExit("tools/bench: the agent did not become ready")


def peak_resident(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"^VmHWM:\s+(\d+) kB", text, re.MULTILINE)[1]) * 1024


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def connect(url):
    host, port = url.removeprefix("https://").rstrip("/").rsplit(":", 1)
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return http.client.HTTPSConnection(host, int(port), timeout=30, context=context)


def get(connection, target, headers):
    connection.request("GET", target, headers=headers)
    response = connection.getresponse()
    return response.status, response.headers, response.read()


def wait_until_idle(pid):
    """The scan at the start is not what is measured next."""
    before, still = processor_seconds(pid), 0
    while still < 3:
        time.sleep(0.4)
        now = processor_seconds(pid)
        still, before = (still + 1 if now - before <= 1.5 / TICKS else 0), now


def wait_until_known(url, token):
    """The agent looks for new tokens every few seconds."""
    for _ in range(100):
        if get(connect(url), "/v1/agent", {"Authorization": f"Bearer {token}"})[0] == 200:
            return
        time.sleep(0.2)
    raise SystemExit("tools/bench: the agent does not take its token")


def measure_sync(table, pid, url, token, requests):
    headers = {"Authorization": f"Bearer {token}"}
    connection = connect(url)
    _, answer, _ = get(connection, "/v1/sync", headers)
    headers["If-None-Match"] = answer["ETag"]
    before = processor_seconds(pid)
    for _ in range(requests):
        status, _, _ = get(connection, "/v1/sync", headers)
        if status != 304:
            raise SystemExit(f"tools/bench: a conditional GET /v1/sync gave {status}")
    table.add(f"conditional GET /v1/sync, {requests:,} times", (processor_seconds(pid) - before) / requests * 1000, "ms", "", None, 1.0)
    connection.close()


def wrk(url, token, directory, seconds):
    script = directory / "bearer.lua"
    script.write_text(WRK_SCRIPT)
    output = subprocess.run(["wrk", "-t1", "-c1", f"-d{seconds}s", "-s", script, url], check=True, capture_output=True, text=True,
                            env={**os.environ, "IMC_BENCH_TOKEN": token}).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise SystemExit(f"tools/bench: wrk had errors:\n{output}")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])


def nginx_config(directory, port):
    directory.mkdir(parents=True, exist_ok=True)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
                    "/CN=localhost", "-keyout", directory / "key.pem", "-out", directory / "cert.pem"], check=True, capture_output=True)
    paths = "\n".join(f"  {name}_temp_path {directory}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.geteuid() == 0 else ""
    (directory / "nginx.conf").write_text(f"""
daemon off; worker_processes 1; pid {directory}/nginx.pid; error_log {directory}/error.log; {user}
events {{ worker_connections 64; }}
http {{
{paths}
  access_log off; keepalive_requests 1000000000; keepalive_timeout 120; default_type application/json;
  sendfile on; tcp_nopush on; open_file_cache max=10;
  ssl_certificate {directory}/cert.pem; ssl_certificate_key {directory}/key.pem; ssl_protocols TLSv1.2 TLSv1.3;
  server {{ listen 127.0.0.1:{port} ssl; root {directory}/www; }}
}}
""")
    return directory / "nginx.conf"


def measure_beside_nginx(table, url, token, directory, seconds):
    status, _, body = get(connect(url), "/v1/volumes", {"Authorization": f"Bearer {token}"})
    if status != 200:
        raise SystemExit(f"tools/bench: GET /v1/volumes gave {status}")
    port, place = free_port(), directory / "nginx"
    shutil.rmtree(place, ignore_errors=True)
    config = nginx_config(place, port)
    (place / "www/v1").mkdir(parents=True)
    (place / "www/v1/volumes").write_bytes(body)
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    with process([program, "-c", config, "-p", place], stderr=subprocess.DEVNULL):
        theirs_url = f"https://127.0.0.1:{port}"
        for _ in range(50):
            with contextlib.suppress(OSError):
                if get(connect(theirs_url), "/v1/volumes", {})[2] == body:
                    break
            time.sleep(0.1)
        else:
            raise SystemExit("tools/bench: nginx does not serve the same bytes")
        ours = theirs = 0.0
        for _ in range(2):  # in turns, the better of two
            theirs = max(theirs, wrk(theirs_url + "/v1/volumes", token, directory, seconds))
            ours = max(ours, wrk(url.rstrip("/") + "/v1/volumes", token, directory, seconds))
    table.add(f"GET /v1/volumes, {len(body):,} bytes", ours, "/s", f"nginx {theirs:,.0f}/s", ours / theirs, 0.5 * theirs, at_least=True)


def measure(table, program, directory, trees, sizes):
    large, data, small, small_data = trees
    directory.mkdir(parents=True, exist_ok=True)
    for tree, kept, size, bar in ((small, small_data, sizes.small, 40), (large, data, sizes.large, 150)):
        config = directory / "serve.toml"
        write_config(config, kept, tree)
        (kept / "agent.json").unlink(missing_ok=True)
        note(f"Serving {size[1]:,} images ...")
        with open(directory / "agent.log", "wb") as log, process([program, "run", "--config", config], stdout=log, stderr=log) as running:
            facts = wait_until_ready(program, config, kept, running, 120)
            wait_until_idle(running.pid)
            token = subprocess.run([program, "token", "create", "--name", "bench", "--config", config], check=True, capture_output=True,
                                   text=True).stdout.strip()
            wait_until_known(facts["url"], token)
            if size == sizes.large:
                measure_sync(table, running.pid, facts["url"], token, sizes.requests)
                measure_beside_nginx(table, facts["url"], token, directory, sizes.seconds)
            else:
                get(connect(facts["url"]), "/v1/volumes", {"Authorization": f"Bearer {token}"})
            table.add(f"memory of the service, {size[1]:,} images", peak_resident(running.pid) / MIB, "MiB", "", None, bar)
