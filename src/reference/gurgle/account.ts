/** A user whom the server knows. */
export interface Account {
  /** Bare Gurgle ID. */
  readonly id: string;
  readonly nickname: string;
  readonly password: string;
  readonly disabled: boolean;
  /** Bare IDs of the contacts, each subscribed to this user and subscribed to by it. */
  readonly contacts: readonly string[];
}

const DOMAIN = 'gurgle.example';

interface Role {
  readonly nickname: string;
  readonly contact?: string;
  readonly disabled?: true;
}

const ROLES: ReadonlyMap<string, Role> = new Map<string, Role>([
  ['alice', { nickname: 'Alice', contact: 'bob' }],
  ['bob', { nickname: 'Bob', contact: 'alice' }],
  ['carol', { nickname: 'Carol' }],
  ['dora', { nickname: 'Dora', disabled: true }],
]);

const BARE_ID = /^([a-z]+)-([A-Za-z0-9_-]{1,64})@gurgle\.example$/;

/**
 * The account that has a bare ID. Accounts need no signing up: for every token there are alice, bob,
 * carol and dora, so that each conversation can have users of its own.
 */
export function accountOf(id: string): Account | undefined {
  const [, roleName = '', token] = BARE_ID.exec(id) ?? [];
  const role = ROLES.get(roleName);
  if (!role) return undefined;
  return {
    id,
    nickname: role.nickname,
    password: `pw-${roleName}-${token}`,
    disabled: role.disabled ?? false,
    contacts: role.contact === undefined ? [] : [`${role.contact}-${token}@${DOMAIN}`],
  };
}

/**
 * What a run against this server has to know. `{token}` stands for 1 to 64 of `A-Z a-z 0-9 _ -`; users
 * with one token belong together, users with another never hear of them.
 */
export const gurgleFacts: Readonly<Record<string, unknown>> = {
  accounts: {
    domain: DOMAIN,
    aliceName: 'alice-{token}',
    alicePassword: 'pw-alice-{token}',
    bobName: 'bob-{token}',
    bobPassword: 'pw-bob-{token}',
    carolName: 'carol-{token}',
    carolPassword: 'pw-carol-{token}',
    doraName: 'dora-{token}',
    doraPassword: 'pw-dora-{token}',
    absentName: 'nobody-{token}',
  },
  terminals: { valid: 'desk', invalid: 'desk!' },
  features: [],
};
