#!/usr/bin/env python3
"""Holds every answer of an agent's API against its own description, /openapi.json.

Live: asks a running agent for every path that it describes, with the ids that it finds, and for what must be
refused: without a token, with unknown ids, unknown parameters and malformed bodies. It changes nothing but asks for a
rescan. The token comes from the environment (IMC_TOKEN) or as the first line on standard input, never as an argument.
Recorded: reads answers that were written down by tests/agent/api/recorded_test.cpp.
One line for each call, at the end "N passed, N failed". Needs python3-jsonschema 4.10 or newer.

usage: validate_api.py --url https://127.0.0.1:8443 (--fingerprint SHA256 | --ca FILE) [--quiet]
       validate_api.py --recorded FILE [--quiet]
"""
import argparse
import hashlib
import http.client
import json
import os
import re
import ssl
import sys
import urllib.parse
import zlib

import jsonschema

UNKNOWN = {"folder_id": "fld_ffffffffffffffff", "volume_id": "vol_ffffffffffffffff", "point": "b4000000000",
           "date": "no-date", "log_id": "log_ffffffffffffffff", "file": "nothing.js"}
VOLATILE = {"/v1/agent", "/metrics"}  # their bodies hold the clock or counters
IDS_PER_PATH = 8


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, {k.lower(): v for k, v in headers.items()}, body

    @property
    def content_type(self):
        return self.headers.get("content-type", "")

    def json(self):
        return json.loads(self.body)


class Description:
    """The document, and what it says of one call."""

    def __init__(self, document):
        self.document = document
        self.validators = {}

    def resolve(self, node):
        while "$ref" in node:
            found = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                found = found[part.replace("~1", "/").replace("~0", "~")]
            node = found
        return node

    def path_of(self, target):
        path = urllib.parse.urlsplit(target).path
        fits = [p for p in self.document["paths"] if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(p)), path)]
        return min(fits, key=lambda p: p.count("{"), default=None)

    def operations(self, method):
        for path, item in self.document["paths"].items():
            if method in item:
                yield path, item[method], [self.resolve(p) for p in item.get("parameters", []) + item[method].get("parameters", [])]

    def validator(self, schema):
        key = json.dumps(schema, sort_keys=True)
        if key not in self.validators:
            whole = {**schema, "components": self.document["components"]}
            jsonschema.Draft202012Validator.check_schema(whole)
            self.validators[key] = jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker())
        return self.validators[key]

    def problems(self, method, target, answer):
        """Sentences about everything in which the answer is not as described."""
        path = self.path_of(target)
        operation = self.document["paths"].get(path, {}).get("get" if method == "HEAD" else method.lower()) if path else None
        if operation is None:
            expected = 405 if path else 404
            if answer.status != expected:
                yield f"status {answer.status}, {expected} expected for what is not described"
            if path and "allow" not in answer.headers:
                yield "405 without Allow"
            yield from self.body_problems({"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}, answer)
            return
        response = operation["responses"].get(str(answer.status))
        if response is None:
            yield f"status {answer.status} is not described"
            return
        response = self.resolve(response)
        for name in response.get("headers", {}):
            if name.lower() not in answer.headers:
                yield f"header {name} is missing"
        if "content" in response:
            yield from self.body_problems(response["content"], answer)
        elif answer.body:
            yield f"a body of {len(answer.body)} bytes where none is described"

    def body_problems(self, content, answer):
        wanted = {re.sub(r"\s", "", k).lower(): v for k, v in content.items()}
        got = re.sub(r"\s", "", answer.content_type).lower()
        media = wanted.get(got) or wanted.get(got.split(";")[0])
        if media is None:
            yield f"content type {answer.content_type!r}, described is {', '.join(content)}"
            return
        if "json" not in got:
            if "event-stream" not in got and not answer.body:
                yield "an empty body"
            return
        try:
            document = json.loads(answer.body)
        except ValueError as error:
            yield f"no JSON: {error}"
            return
        if "problem+json" in got and document.get("status") != answer.status:
            yield f"the problem says status {document.get('status')}"
        for error in sorted(self.validator(media["schema"]).iter_errors(document), key=lambda e: list(map(str, e.absolute_path)))[:5]:
            yield f"/{'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"


class Tally:
    def __init__(self, description, quiet):
        self.description, self.quiet = description, quiet
        self.passed = self.failed = 0

    def judge(self, method, target, answer, expected=None, note=""):
        problems = list(self.description.problems(method, target, answer))
        if expected is not None and answer.status not in expected:
            problems.insert(0, f"status {answer.status}, expected {' or '.join(map(str, expected))}")
        self.tell(method, target, answer.status, problems, note)
        return not problems

    def tell(self, method, target, status, problems, note=""):
        if problems:
            self.failed += 1
        else:
            self.passed += 1
        if problems or not self.quiet:
            print(f"{'FAILED' if problems else 'passed'} {status} {method} {target}{'  ' + note if note else ''}", flush=True)
        for problem in problems:
            print(f"       {problem}", flush=True)

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed or not self.passed else 0


class Agent:
    """HTTPS with a pinned certificate or an authority; one connection for each caller that stays open."""

    def __init__(self, url, fingerprint, authority, token):
        parts = urllib.parse.urlsplit(url)
        self.host, self.port = parts.hostname, parts.port or 443
        self.pin = fingerprint and fingerprint.replace(":", "").removeprefix("sha256").lower()
        self.context = ssl.create_default_context(cafile=authority)
        if self.pin:
            self.context.check_hostname = False
            self.context.verify_mode = ssl.CERT_NONE  # the fingerprint is compared below
        self.token = token
        self.connection = None

    def connect(self):
        connection = http.client.HTTPSConnection(self.host, self.port, timeout=60, context=self.context)
        connection.connect()
        if self.pin and hashlib.sha256(connection.sock.getpeercert(binary_form=True)).hexdigest() != self.pin:
            raise SystemExit("validate_api: the certificate has another fingerprint")
        return connection

    def call(self, method, target, body=None, token=True, headers=(), stream=False):
        sent = {"Authorization": f"Bearer {self.token}"} if token else {}
        if body is not None:
            sent["Content-Type"] = "application/json"
        sent.update(headers)
        for last in (False, True):
            if self.connection is None:
                self.connection = self.connect()
            try:
                self.connection.request(method, target, body, sent)
                response = self.connection.getresponse()
                break
            except (http.client.HTTPException, ConnectionError):  # closed while idle, or after its last request
                self.close()
                if last:
                    raise
        headers = dict(response.getheaders())
        if stream:
            self.close()
            return Answer(response.status, headers, b"")
        data = response.read()
        if response.will_close:
            self.close()
        if headers.get("Content-Encoding") == "gzip":
            data = zlib.decompress(data, 31)
        return Answer(response.status, headers, data)

    def close(self):
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Walk:
    """Everything that is asked of a running agent."""

    def __init__(self, agent, description, tally):
        self.agent, self.description, self.tally = agent, description, tally

    def items(self, target):
        answer = self.agent.call("GET", target)
        return answer.json()["items"] if answer.status == 200 else []

    def targets(self, path):
        """The path with real ids in place of its variables."""
        if "{" not in path:
            return [path]
        if "{date}" in path:
            return [path.replace("{date}", r["date"]) for r in self.items("/v1/reports?limit=3")] + [path.replace("{date}", "2026-11-21")]
        if "{log_id}" in path:
            return [path.replace("{log_id}", log["id"]) for log in self.items("/v1/logs?limit=3")]
        if "{file}" in path:
            return [path.replace("{file}", name) for name in ("main.js", "style.css", "brand.css", "icon.svg", "index.html", "about.json")]
        if "{folder_id}" in path:
            return [path.replace("{folder_id}", f["id"]) for f in self.items("/v1/folders?limit=1000")[:IDS_PER_PATH]]
        found = []
        for volume in self.items("/v1/volumes?limit=1000")[:IDS_PER_PATH]:
            target = path.replace("{volume_id}", volume["id"])
            if path.endswith("chain.dot") and volume["verdict"] == "broken":
                continue  # no files give the newest point back
            if "{point}" not in target:
                found.append(target)
                continue
            points = self.items(f"/v1/volumes/{volume['id']}/points?limit=1000")
            found += [target.replace("{point}", p["point"]) for p in points[:1] + points[-1:]]
        return found

    def unknown(self, path):
        return re.sub(r"\{(\w+)\}", lambda m: UNKNOWN[m[1]], path)

    def run(self):
        for path, operation, parameters in list(self.description.operations("get")):
            targets = self.targets(path)
            if not targets:
                print(f"       no example of {path} on this server")
            for target in targets:
                self.one(path, target)
            for target in targets[:1]:
                self.parameters(target, parameters)
            self.refusals(path, operation, targets[0] if targets else self.unknown(path))
        self.pages()
        self.changes()
        self.tally.judge("GET", "/v1/no-such-thing", self.agent.call("GET", "/v1/no-such-thing"), [404])

    def one(self, path, target):
        answer = self.agent.call("GET", target, stream=path == "/v1/events")
        self.tally.judge("GET", target, answer, [200])
        if path == "/v1/events" or path in VOLATILE:
            return
        for _ in range(3):  # a minute may end, or a scan, between two calls
            again = self.agent.call("GET", target, headers={"If-None-Match": answer.headers.get("etag", "")})
            if again.status == 304:
                break
            answer = again
        self.tally.judge("GET", target, again, [304], "If-None-Match")
        packed = self.agent.call("GET", target, headers={"Accept-Encoding": "gzip"})
        self.tally.judge("GET", target, packed, [200], "gzip")

    def parameters(self, target, parameters):
        for parameter in parameters:
            if parameter["in"] != "query" or parameter["name"] == "cursor":
                continue
            schema = self.description.resolve(parameter["schema"])
            schema = self.description.resolve(schema.get("items", schema))
            words = [] if "pattern" in schema else ["a"]
            values = schema.get("enum") or {"integer": [max(1, schema.get("minimum", 1))], "boolean": ["true", "false"]}.get(schema["type"], words)
            for value in values:
                asked = f"{target}?{parameter['name']}={urllib.parse.quote(str(value))}"
                self.tally.judge("GET", asked, self.agent.call("GET", asked), [200])
            if "enum" in schema or "pattern" in schema or schema["type"] != "string":
                asked = f"{target}?{parameter['name']}=%21"
                self.tally.judge("GET", asked, self.agent.call("GET", asked), [400])

    def refusals(self, path, operation, target):
        public = operation.get("security") == []
        if not public:
            self.tally.judge("GET", target, self.agent.call("GET", target, token=False), [401], "no token")
        asked = target + "?no_such_parameter=1"
        self.tally.judge("GET", asked, self.agent.call("GET", asked), [400])
        self.tally.judge("PUT", target, self.agent.call("PUT", target, "{}"), [405])
        if "{" in path:
            self.tally.judge("GET", self.unknown(path), self.agent.call("GET", self.unknown(path)), [404], "unknown id")

    def pages(self):
        """Every list is the same page by page as in one piece."""
        for path in ("/v1/folders", "/v1/volumes", "/v1/findings", "/v1/unmanaged-folders"):
            whole = [x.get("id", x.get("key")) for x in self.items(path + "?limit=1000")]
            seen, cursor, problems = [], "", []
            while True:
                page = self.agent.call("GET", f"{path}?limit=2{'&cursor=' + cursor if cursor else ''}").json()
                seen += [x.get("id", x.get("key")) for x in page["items"]]
                cursor = page["next_cursor"]
                if not cursor or len(seen) > len(whole) + 2:
                    break
            if seen != whole[:len(seen)] or (not cursor and len(seen) != len(whole)):
                problems.append("the pages are not the whole")
            self.tally.tell("GET", path + "?limit=2", 200, problems, f"{len(seen)} elements in pages")

    def changes(self):
        """Refusals of what would change something, and the changes that leave all as it is."""
        folder = "/v1/folders"
        for body in ("{}", "[]", '{"path":', '{"path":"relative"}', '{"path":"/x","colour":1}', "[" * 1000):
            self.tally.judge("POST", folder, self.agent.call("POST", folder, body), [400, 403], body[:30])
        plain = {"Content-Type": "text/plain"}
        self.tally.judge("POST", folder, self.agent.call("POST", folder, "{}", headers=plain), [415, 403], "text/plain")
        self.tally.judge("POST", folder, self.agent.call("POST", folder, "{}", token=False), [401], "no token")
        unknown = self.unknown("/v1/folders/{folder_id}")
        self.tally.judge("DELETE", unknown, self.agent.call("DELETE", unknown), [404, 403], "unknown id")
        for volume in self.items("/v1/volumes?limit=1")[:1]:
            target = f"/v1/volumes/{volume['id']}"
            for body in ("{}", '{"grace_days":-1}', '{"notes":7}', '{"colour":1}'):
                self.tally.judge("PATCH", target, self.agent.call("PATCH", target, body), [400, 403], body)
            same = json.dumps(volume["settings"])
            self.tally.judge("PATCH", target, self.agent.call("PATCH", target, same), [200, 403], "as it is")
        for body, status in (('{"volume_id":"vol_ffffffffffffffff"}', 404), ('{"volume_id":null}', 400), ('{"colour":1}', 400)):
            self.tally.judge("POST", "/v1/verify", self.agent.call("POST", "/v1/verify", body), [status, 403], body)
        self.tally.judge("DELETE", "/v1/verify", self.agent.call("DELETE", "/v1/verify"), [204, 409, 403])
        self.tally.judge("POST", "/v1/rescan", self.agent.call("POST", "/v1/rescan", '{"folder_id":"fld_ffffffffffffffff"}'), [404, 403])
        self.tally.judge("POST", "/v1/rescan", self.agent.call("POST", "/v1/rescan", "{}"), [202, 403])


def recorded(path, quiet):
    with open(path, encoding="utf-8") as file:
        calls = json.load(file)
    document = next(json.loads(c["body"]) for c in calls if c["target"] == "/openapi.json" and c["status"] == 200)
    tally = Tally(Description(document), quiet)
    met = set()
    for call in calls:
        headers = {**call["headers"], "Content-Type": call["content_type"]}
        tally.judge(call["method"], call["target"], Answer(call["status"], headers, call["body"]))
        met.add((call["method"].lower(), tally.description.path_of(call["target"])))
    described = {(m, p) for p, item in document["paths"].items() for m in item if m != "parameters"}
    for method, target in sorted(described - met):
        tally.tell(method.upper(), target, 0, ["is described and was never asked for"])
    return tally.end()


def live(arguments):
    token = os.environ.get("IMC_TOKEN") or sys.stdin.readline().strip()
    if not token:
        raise SystemExit("validate_api: a token is needed in IMC_TOKEN or on standard input")
    agent = Agent(arguments.url, arguments.fingerprint, arguments.ca, token)
    answer = agent.call("GET", "/openapi.json", token=False)
    if answer.status != 200:
        raise SystemExit(f"validate_api: GET /openapi.json: {answer.status}")
    description = Description(answer.json())
    tally = Tally(description, arguments.quiet)
    try:
        Walk(agent, description, tally).run()
    finally:
        agent.close()
    return tally.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--url", help="where the agent serves its API")
    parser.add_argument("--fingerprint", help="SHA-256 of its certificate")
    parser.add_argument("--ca", help="PEM file of the authority that signed its certificate")
    parser.add_argument("--recorded", help="file of answers that were written down")
    parser.add_argument("--quiet", action="store_true", help="print only what failed")
    arguments = parser.parse_args()
    if arguments.recorded:
        return recorded(arguments.recorded, arguments.quiet)
    if not arguments.url or not (arguments.fingerprint or arguments.ca):
        parser.error("--url and one of --fingerprint and --ca are needed")
    return live(arguments)


if __name__ == "__main__":
    sys.exit(main())
