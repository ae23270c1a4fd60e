"""The bridge between Jupyter and evcxr, one message at a time. Mocks play both sides."""

import tempfile
import time
import unittest
from unittest import mock

import zmq

import run  # noqa: F401 (first: it finds the kernel's files)
from back import Back
from bridge import PATIENCE, Bridge, Cell
from front import SOCKETS, Front


def request(kind, name="a", **content):
    return {"header": {"msg_id": name, "msg_type": kind}, "content": content}


def connection(test):
    folder = tempfile.TemporaryDirectory()
    test.addCleanup(folder.cleanup)
    ports = {f"{name}_port": port for port, name in enumerate(SOCKETS)}
    return {"key": "secret", "transport": "ipc", "ip": f"{folder.name}/socket", **ports}


class Messages(unittest.TestCase):
    def setUp(self):
        with mock.patch("bridge.Front") as front:
            self.front = front.return_value = mock.MagicMock(**{"here_if_known.return_value": False})
            self.bridge = Bridge(None)
        self.addCleanup(self.bridge.context.destroy, linger=0)

    def test_a_request_passed_on_gets_its_answer_and_the_state_after_it(self):
        # Jupyter waits for both, in whichever order they come.
        self.bridge.ready, self.bridge.back = True, mock.Mock()
        for order in (["from_shell", "from_iopub"], ["from_iopub", "from_shell"]):
            self.front.reset_mock()
            self.front.waiting.side_effect = [1, 0]
            self.front.receive.return_value = ["jupyter"], request("complete_request")
            self.bridge.on_shell()
            for name in order:
                getattr(self.bridge, name)({"parent_header": {"msg_id": "a"}, "msg_type": "status", "content": {}})
            self.assertEqual({call.args[0] for call in self.front.pass_on.call_args_list}, {"shell", "iopub"}, order)

    def test_every_cell_that_waits_is_told_why(self):
        def waiting():
            cell = Cell([], request("execute_request", code=""))
            cell.since = time.monotonic() - 2 * PATIENCE
            self.bridge.waiting.append(cell)
            self.bridge.look()
            return cell.request

        first = waiting()
        self.bridge.interrupt()
        second = waiting()
        told = [call.args[2] for call in self.front.publish.call_args_list if call.args[0] == "stream"]
        self.assertEqual([id(one) for one in told], [id(first), id(second)])

    def test_a_start_that_fails_in_an_unknown_way_is_told(self):
        self.bridge.place = mock.Mock(**{"prepare.side_effect": ValueError("odd")})
        self.bridge.prepare()
        self.bridge.look()
        self.assertIn("odd", self.bridge.trouble)


class Sockets(unittest.TestCase):
    def setUp(self):
        self.context = zmq.Context()
        self.addCleanup(self.context.destroy, linger=0)

    def test_what_is_no_message_is_dropped(self):
        connected = connection(self)
        front = self.front = Front(self.context, connected)
        client = self.client = self.context.socket(zmq.DEALER)
        client.connect(f"ipc://{connected['ip']}-{connected['shell_port']}")
        for frames in [[b"x"], [b"<IDS|MSG>"], [b"<IDS|MSG>", b"unsigned"]]:
            client.send_multipart(frames)
            self.assertTrue(front.sockets["shell"].poll(60_000))
            with mock.patch("sys.stderr"):
                self.assertEqual(front.receive("shell"), (None, None), frames)

    def test_an_endless_stream_of_messages_leaves_time_for_others(self):
        back = Back.__new__(Back)
        socket = mock.Mock(**{"poll.return_value": 1})
        back.sockets, back.session = {"iopub": socket}, mock.Mock(**{"recv.return_value": (None, {})})
        for count, _ in enumerate(back.received("iopub")):
            self.assertLess(count, 10_000)


if __name__ == "__main__":
    unittest.main()
