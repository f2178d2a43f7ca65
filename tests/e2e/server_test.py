"""A test with a backup server of its own and an agent on it."""
import json

from connector import ConnectorTest
from server_tree import folders_toml, write_server


class ServerTest(ConnectorTest):
    """A server of its own for each test."""

    def setUp(self):
        super().setUp()
        self.root = write_server(self.home / "server")

    def server_agent(self, **options):
        return self.agent(folders_toml(self.root), **options)

    def status(self, agent):
        result = agent.run("status", "--json")
        return result.returncode, json.loads(result.stdout)

    def volume(self, agent, machine, volume):
        return next(v for v in agent.items("/v1/volumes") if (v["machine"], v["volume"]) == (machine, volume))


__all__ = ["ServerTest"]
