"""`cathlog health` beside a service that is ready, one that is gone and one that says nothing."""

import socket
import threading
import unittest

from harness import run, service


class Health(unittest.TestCase):
    def test_it_tells_a_ready_service_from_none(self):
        with service() as running:
            ready = run("health", "--port", running.port)
            self.assertIn(b'"status":"ready"', ready.stdout)
            # As in a container: the address is the service's own setting.
            alive = run("health", "--live", environment={"CATHLOG_PORT": str(running.port)})
            self.assertEqual(alive.stdout, b'{"status":"alive"}\n')
            self.assertEqual(running.stop(), 0)
            gone = run("health", "--port", running.port, check=False)
            self.assertEqual((gone.returncode, gone.stdout), (69, b""))
            self.assertEqual(
                gone.stderr.decode(),
                f"cathlog: service-unreachable: No service answers at 127.0.0.1:{running.port}.\n")

    def test_it_does_not_wait_for_one_that_says_nothing(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            result = run("health", "--port", port, "--timeout", "1", check=False)
        self.assertEqual(result.returncode, 69)

    def test_it_takes_no_other_status_for_ready(self):
        with socket.create_server(("127.0.0.1", 0)) as server:
            server.settimeout(30)
            port = server.getsockname()[1]
            def refuse():
                connection, _ = server.accept()
                with connection:
                    connection.recv(4096)
                    connection.sendall(
                        b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\n{}")
            answering = threading.Thread(target=refuse)
            answering.start()
            result = run("health", "--port", port, check=False)
            answering.join()
        self.assertEqual((result.returncode, result.stdout), (69, b"{}\n"))
        self.assertIn(b"not-ready", result.stderr)


if __name__ == "__main__":
    unittest.main()
