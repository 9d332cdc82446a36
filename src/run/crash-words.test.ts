import { expect, test } from 'vitest';
import { crashName, readCrash, readReports } from './crash-words.ts';

test.each<[string, string, string, string[]]>([
  [
    'AddressSanitizer',
    `listening
=================================================================
==4711==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x60200000eff1 at pc 0x55d0
WRITE of size 1 at 0x60200000eff1 thread T0
    #0 0x7f3a11 in __interceptor_strcpy (/lib/libasan.so.8+0x1)
    #1 0x55d0aa in keep_name /src/names.c:12
    #2 0x55d0bb in hear_line /src/server.c:90
    #3 0x55d0cc in serve /src/server.c:130
    #4 0x55d0dd in main /src/server.c:160
`,
    'AddressSanitizer heap-buffer-overflow',
    ['keep_name', 'hear_line', 'serve'],
  ],
  [
    'AddressSanitizer, of memory that is given back twice',
    `==4712==ERROR: AddressSanitizer: attempting double-free on 0x602000000010 in thread T0:
    #0 0x7f3a12 in __interceptor_free (/lib/libasan.so.8+0x2)
    #1 0x55d0aa in leave /src/names.c:20
    #2 0x55d0ff in _start (/src/server+0x3)
`,
    'AddressSanitizer double-free',
    ['leave'],
  ],
  [
    'UndefinedBehaviorSanitizer',
    '/src/count.c:7:14: runtime error: signed integer overflow: 2147483647 + 1 cannot be represented\n',
    'undefined behaviour signed integer overflow',
    ['count.c'],
  ],
  [
    'Go',
    `panic: runtime error: index out of range [5] with length 3

goroutine 18 [running]:
main.(*session).hear(0xc000010250, 0x5)
	/src/session.go:41 +0x1d
main.serve(0xc000012345)
	/src/main.go:20 +0x99
`,
    'panic runtime error: index out of range [N] with length N',
    ['main.(*session).hear', 'main.serve'],
  ],
  [
    'Java',
    `Exception in thread "worker-3" java.lang.NullPointerException: nobody
	at java.util.HashMap.get(HashMap.java:1)
	at chat.Session.hear(Session.java:33)
	at chat.Server.run(Server.java:12)
`,
    'java.lang.NullPointerException',
    ['chat.Session.hear', 'chat.Server.run'],
  ],
  [
    'Python',
    `Traceback (most recent call last):
  File "/srv/chat.py", line 70, in serve
    self.hear(line)
  File "/srv/chat.py", line 31, in hear
    return table[name]
KeyError: 'bob'
`,
    'KeyError',
    ['hear', 'serve'],
  ],
  [
    'Node',
    `/srv/chat.mjs:9
  throw new RangeError('too long');
  ^

RangeError: too long
    at keep (/srv/chat.mjs:9:9)
    at Session.hear (/srv/chat.mjs:30:5)
    at node:internal/main/run:5:1
`,
    'RangeError',
    ['keep', 'Session.hear'],
  ],
])('reads a crash of %s', (_, output, kind, frames) => {
  expect(readCrash(output)).toEqual({ kind, frames });
});

test('the last crash counts', () => {
  const crash = (kind: string): string => `${kind}: x\n    at hear (/srv/chat.mjs:1:1)\n`;
  expect(readCrash(crash('TypeError') + crash('RangeError'))?.kind).toBe('RangeError');
});

test('what is no crash is none', () => {
  expect(readCrash('listening on 4000\n2 errors were declined\n')).toBeUndefined();
});

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
