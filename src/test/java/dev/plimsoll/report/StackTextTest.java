package dev.plimsoll.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StackTextTest {
  @Test
  void framesThatCallTheProjectAreCounted() {
    String stacks =
        """
        Thread 0x00007fa1 (most recent call first):
          File "/usr/lib/python3.11/threading.py", line 327 in wait
          File "/home/me/shop/queue.py", line 9 in take
          File "/usr/lib/python3.11/threading.py", line 975 in run

        Current thread 0x00007fa2 (most recent call first):
          File "/home/me/shop/test_x.py", line 6 in wait
          File "/venv/lib/python3.11/site-packages/_pytest/fixtures.py", line 900 in call_fixture_func
          File "/home/me/shop/conftest.py", line 3 in pytest_fixture_setup
          File "/venv/lib/python3.11/site-packages/pluggy/_callers.py", line 121 in _multicall
          File "/venv/lib/python3.11/site-packages/_pytest/python.py", line 166 in pytest_pyfunc_call
          File "<string>", line 1 in <module>
        """;

    assertThat(StackText.ofProject(stacks))
        .isEqualTo(
            """
            Thread 0x00007fa1 (most recent call first):
              File "/usr/lib/python3.11/threading.py", line 327 in wait
              File "/home/me/shop/queue.py", line 9 in take
              File "/usr/lib/python3.11/threading.py", line 975 in run

            Current thread 0x00007fa2 (most recent call first):
              File "/home/me/shop/test_x.py", line 6 in wait
              File "/venv/lib/python3.11/site-packages/_pytest/fixtures.py", line 900 in call_fixture_func
              File "/home/me/shop/conftest.py", line 3 in pytest_fixture_setup
              (3 frames of pytest and Plimsoll not shown)\
            """);
  }

  @Test
  void stackOutsideTheProjectStaysWhole() {
    String stack =
        """
        Current thread 0x00007fa2 (most recent call first):
          File "/venv/lib/python3.11/site-packages/_pytest/assertion/rewrite.py", line 900 in exec_module
          File "/venv/lib/python3.11/site-packages/pluggy/_callers.py", line 121 in _multicall\
        """;

    assertThat(StackText.ofProject(stack)).isEqualTo(stack);
  }
}
