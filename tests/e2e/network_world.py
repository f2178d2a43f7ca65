"""Relay, portal and agents on computers of their own: the agents behind routers that let nothing in."""
import functools
import json

from connector import Agent, wait_for
from network import Internet, Site
from server_tree import folders_toml, write_server
from shuttle_world import Relay, ShuttleTest

NOTICED = 45  # seconds within which a tunnel that is dead has to be noticed


class DistantAgent(Agent):
    def __init__(self, host, *words):
        self.host, self.under = host, host.under
        super().__init__(*words)

    def connect(self):
        with self.host.inside():
            return super().connect()


class DistantRelay(Relay):
    def __init__(self, host, address, home):
        self.under, self.address = host.under, address
        self.public = "relay.example:443"
        super().__init__(home)

    def write_config(self, *_):
        self.config.write_text(
            f'[relay]\nname = "{self.name}"\ndata_directory = "{self.data}"\nlog_level = "debug"\n'
            f'[agents]\nlisten = ["0.0.0.0:443", "[::]:443"]\npublic_address = "{self.public}"\nmax_per_address = 100000\n'
            f'[portal]\nlisten = ["0.0.0.0:8444"]\n[limits]\ndrain_seconds = 2\nhandshake_seconds = 10\n', encoding="utf-8")

    def url(self):
        return f"https://{self.address}:8444"


class NetworkTest(ShuttleTest):
    """An internet with a portal and a relay on it, and one site with a computer for an agent."""

    def setUp(self):
        self.internet = Internet()
        self.addCleanup(self.internet.end)
        self.relay_host, self.relay_address, self.relay_address_six = self.internet.server("relay")
        self.portal_host, _, _ = self.internet.server("portal")
        self.portal_under = self.portal_host.under
        self.internet.name("relay.example", self.relay_address_six, self.relay_address)
        self.site = Site(self.internet, 1)
        super().setUp()
        self.folders = folders_toml(write_server(self.home / "server"))

    def make_relay(self, **_):
        home = self.home / f"relay{len(self.relays)}"
        home.mkdir()
        relay = DistantRelay(self.relay_host, self.relay_address, home)
        self.relays.append(relay)
        self.addCleanup(self.put_down_relay, relay)
        return relay.start()

    def agent_at(self, host, **options):
        return self.agent(self.folders, kind=functools.partial(DistantAgent, host), **options)

    def connected_at(self, host, name, **options):
        return self.connected_agent(self.folders, name, kind=functools.partial(DistantAgent, host), **options)

    def tunnel(self, agent, limit=30, **wanted):
        """Waits until the agent says so of its tunnel."""
        def look():
            state = self.shuttle(agent)
            return state if all(state.get(key) == value for key, value in wanted.items()) else None
        return wait_for(f"the tunnel to be {wanted}", look, limit)

    def reached(self, agents=1):
        """The portal reaches all its agents; a request that failed may be tried once more."""
        tested = self.portal("test")
        if tested.returncode != 0:
            tested = self.portal("test")
        self.assertEqual(tested.returncode, 0, tested.stderr)
        self.assertEqual([one["ok"] for one in json.loads(tested.stdout)["agents"]], [True] * agents)


__all__ = ["DistantAgent", "DistantRelay", "NOTICED", "NetworkTest"]
