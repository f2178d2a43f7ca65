"""Agents that come out by a proxy alone: Debian's squid, with and without a login, and opening the TLS."""
import json
import unittest

from connector import wait_for
from network import world_of_our_own
from network_world import NetworkTest
from squid import GUARD, PORT, Squid


class ProxyTest(NetworkTest):
    """The only way out of the site is a proxy on a computer that has another one."""

    def setUp(self):
        super().setUp()
        self.server = self.site.host("server")
        self.proxy_host = self.site.host("proxy")
        self.proxy_address = self.internet.plug(self.proxy_host, "outside")
        self.internet.name("proxy.example", "10.20.1.3")
        self.site.rules('oifname "outside" drop')

    def squid(self, **options):
        squid = Squid(self.proxy_host, "10.20.1.3", **options)
        self.addCleanup(squid.end)
        return squid

    def enrolled(self, *words, password=None):
        """An agent that runs, and what enrolling it by the proxy gave."""
        agent = self.agent_at(self.server)
        code = self.relay.must("join-code", "create")
        result = agent.run("enroll", "--proxy", f"http://proxy.example:{PORT}", *words, stdin=code + "\n" + (password + "\n" if password else ""), limit=60)
        return agent, result

    def assert_reached_by_proxy(self, agent, agent_id):
        self.tunnel(agent, state="connected")
        self.assertEqual(self.wait_online(self.relay, agent_id)["address"].rsplit(":", 1)[0].strip("[]"), self.proxy_address)
        self.add_to_portal("acme", agent, agent_id, agent.token, self.relay.must("token", "create", "--name", "acme"))
        self.reached()


class Logins(ProxyTest):
    """Who may pass."""

    def test_by_a_proxy_that_takes_anybody_and_by_no_other_way(self):
        agent = self.agent_at(self.server)
        code = self.relay.must("join-code", "create")
        straight = agent.run("enroll", "--proxy", "none", stdin=code + "\n", limit=60)
        self.assertIn("TCP failed", straight.stderr)
        closed = agent.run("enroll", "--proxy", f"http://proxy.example:{PORT}", stdin=code + "\n")
        self.assertIn("TCP failed", closed.stderr)
        squid = self.squid()
        # What the environment says is taken where nothing else was said.
        agent.end()
        agent.under = [*agent.under, "env", f"HTTPS_PROXY=http://proxy.example:{PORT}"]
        result = agent.run("enroll", stdin=code + "\n")
        self.assertEqual(result.returncode, 0, result.stderr)
        agent.start()
        self.assert_reached_by_proxy(agent, result.stdout.strip())
        self.assertIn("CONNECT relay.example:443", squid.text("access.log"))

    def test_a_login_that_is_asked_for_wrong_or_no_longer_good_is_the_step_that_is_named(self):
        squid = self.squid(users={"acme": "open sesame"})
        _, result = self.enrolled()
        self.assertIn("proxy failed: the proxy asks for a login (it offers Basic) and none is configured", result.stderr)
        _, result = self.enrolled("--proxy-user", "acme", password="wrong")
        self.assertIn("proxy failed: the proxy did not take the user name and password", result.stderr)
        agent, result = self.enrolled("--proxy-user", "acme", password="open sesame")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assert_reached_by_proxy(agent, result.stdout.strip())
        # The password is changed, and what was up ends.
        squid.let_in({"acme": "close sesame"})
        self.relay.kill()
        self.relay.start()
        state = self.tunnel(agent, step="proxy")
        self.assertIn("did not take the user name and password", state["problem"])
        told = agent.run("shuttle", "status")
        self.assertEqual(told.returncode, 1)
        self.assertRegex(told.stdout, r"Fails at +proxy\n")
        self.assertRegex(told.stdout, r"What to do +.*--proxy-user")
        doctor = json.loads(agent.run("doctor", "--json").stdout)
        found = [check for check in doctor["checks"] if check["name"] == "tunnel"]
        self.assertIn("it fails at proxy: the proxy did not take", found[0]["says"])
        self.assertIn("--proxy-user", found[0]["remedy"])
        for text in (agent.log_text(), told.stdout, json.dumps(doctor), json.dumps(state)):
            self.assertNotIn("sesame", text)
        # And is good again.
        squid.let_in({"acme": "open sesame"})
        self.tunnel(agent, state="connected", limit=45)


class Opened(ProxyTest):
    """A proxy that opens the TLS with an authority of its own."""

    def test_whoever_opens_the_tls_is_named_and_carries_what_it_cannot_read(self):
        squid = self.squid(opens=True)
        _, result = self.enrolled()
        self.assertEqual(result.returncode, 1)
        self.assertIn("TLS failed", result.stderr)
        self.assertIn(GUARD, result.stderr)
        _, result = self.enrolled("--ca-file", str(squid.authority), "--refuse-interception")
        self.assertEqual(result.returncode, 1)
        self.assertIn("refuse_interception is set", result.stderr)
        agent, result = self.enrolled("--ca-file", str(squid.authority))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.tunnel(agent, state="connected", intercepted_by=f"CN={GUARD}")
        # The portal pins the agent's own certificate, and it is the one that it sees.
        self.assert_reached_by_proxy(agent, result.stdout.strip())
        # It was opened indeed: what went through is in the proxy's log.
        self.assertIn("https://relay.example/shuttle", wait_for("a line in the log", lambda: squid.text("access.log")))
        agent.end()
        agent.start()
        self.tunnel(agent, state="connected", intercepted_by=f"CN={GUARD}")

    def test_one_that_lets_no_websocket_pass_is_the_step_that_is_named(self):
        squid = self.squid(opens=True, websocket=False)
        _, result = self.enrolled("--ca-file", str(squid.authority))
        self.assertEqual(result.returncode, 1)
        self.assertIn("WebSocket failed", result.stderr)
        self.assertIn(GUARD, result.stderr)


if __name__ == "__main__":
    world_of_our_own()
    unittest.main(verbosity=2)
