import { expect, test } from 'vitest';
import { crashName, readReports } from './crash-reports.ts';

const keyError = `Traceback (most recent call last):
  File "/srv/chat.py", line 70, in serve
    self.hear(line)
    ~~~~~~~~~^^^^^^
  File "/srv/chat.py", line 31, in hear
    return table[name]
KeyError: 'bob'
`;
const typeError =
  'TypeError: x is no function\n    at keep (/srv/chat.mjs:9:9)\n    at hear (/srv/chat.mjs:3:1)\n';

test.each<[string, string, string[]]>([
  ['a thread in Python', `listening\n${keyError}----------\nserving\n`, ['KeyError in hear < serve']],
  [
    'what another came of',
    `${keyError}\nDuring handling of the above exception, another exception occurred:\n\n${keyError.replace('KeyError', 'chat.NoName')}`,
    ['chat.NoName in hear < serve'],
  ],
  ['a logged error of Node', `12:01 error ${typeError}12:02 at work (2)\n`, ['TypeError in keep < hear']],
  [
    'a logged exception of Java',
    '12:01 ERROR java.lang.IllegalStateException: no\n\tat chat.Server.hear(Server.java:12)\n\tat java.lang.Thread.run(T.java:1)\n',
    ['java.lang.IllegalStateException in chat.Server.hear'],
  ],
  [
    'a recovered panic of Go',
    'http: panic serving 127.0.0.1:4711: runtime error: index out of range [5] with length 3\ngoroutine 18 [running]:\nnet/http.(*conn).serve.func1()\n\t/go/server.go:1 +0x1\nmain.hear(0x1)\n\t/src/main.go:20 +0x99\n',
    ['panic runtime error: index out of range [N] with length N in main.hear'],
  ],
  [
    'undefined behaviour, where it is only told',
    'up\n/src/count.c:7:14: runtime error: signed integer overflow: 1 + 1\nserved\n/src/count.c:7:14: runtime error: signed integer overflow: 2 + 2\n',
    ['undefined behaviour signed integer overflow in count.c'],
  ],
  [
    'a child that is ended',
    'serving\n*** stack smashing detected ***: terminated\nfree(): invalid pointer\nserving\n',
    ['stack smashing in ?', 'free(): invalid pointer in ?'],
  ],
  [
    'an assertion',
    "server: src/names.c:12: keep_name: Assertion `name != NULL' failed.\n",
    ['assertion in keep_name'],
  ],
  [
    'a thread in Rust',
    "\nthread 'worker-2' (4711) panicked at src/session.rs:41:9:\nindex out of bounds: the len is 3 but the index is 5\n",
    ['panic in session.rs'],
  ],
  [
    'an exception in C++',
    "terminate called after throwing an instance of 'std::out_of_range'\n  what():  vector\n",
    ['std::out_of_range in ?'],
  ],
  [
    'a sanitizer, by its first stack',
    '==1==ERROR: AddressSanitizer: stack-buffer-overflow on address 0x7f\n    #0 0x1 in hear /s.c:1\n    #1 0x2 in serve /s.c:2\n\nAddress 0x7f is located in stack of thread T0\n    #0 0x3 in hear /s.c:1\n',
    ['AddressSanitizer stack-buffer-overflow in hear < serve'],
  ],
  ['two faults', keyError + typeError, ['KeyError in hear < serve', 'TypeError in keep < hear']],
])('reads the report of %s', (_, output, names) => {
  expect(readReports(output).map(crashName)).toEqual(names);
});

test.each<[string, string]>([
  ['lines that only name an error', 'TypeError: no\nValueError: no\nat home\n'],
  ['what two threads have written into each other', keyError.replace('  File', 'Traceback (most recent')],
  ['a beginning', keyError.slice(0, -20)],
  ['a peer that went away', keyError.replace("KeyError: 'bob'", 'BrokenPipeError: [Errno 32] Broken pipe')],
  ['a peer that was reset', typeError.replace('TypeError: x is no function', 'Error: read ECONNRESET')],
])('reads no report of %s', (_, output) => {
  expect(readReports(output)).toEqual([]);
});
