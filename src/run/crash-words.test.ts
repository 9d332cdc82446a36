import { expect, test } from 'vitest';
import { readCrash } from './crash-words.ts';

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
