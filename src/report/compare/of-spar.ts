import { Ajv2020 } from 'ajv/dist/2020.js';
import { levels } from '../../events/verdict.ts';
import { statuses } from '../ledger.ts';
import { flag, outcome, text, texts } from '../schema-parts.ts';
import { reasonWhy, type Summary } from '../summary.ts';
import type { LaidRun } from './laid-run.ts';

/** The members of a report that are read here. Older reports, and newer ones, may lack or hold others. */
const needed = {
  type: 'object',
  required: ['run', 'requirements', 'cases'],
  properties: {
    run: {
      type: 'object',
      required: ['id', 'time', 'spar', 'protocol', 'role', 'target', 'dialects', 'strict'],
      properties: {
        id: text,
        time: text,
        spar: text,
        protocol: { type: 'object', required: ['name', 'title'], properties: { name: text, title: text } },
        role: { enum: ['server', 'client'] },
        target: { type: 'object', required: ['label'], properties: { label: text, name: text } },
        dialects: { type: 'object', additionalProperties: text },
        strict: flag,
        stopped: text,
      },
    },
    requirements: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'section', 'level', 'text', 'warn', 'status', 'brokenBy'],
        properties: {
          id: text,
          section: text,
          level: { enum: levels },
          text,
          warn: flag,
          status: { enum: statuses },
          brokenBy: texts,
          expected: texts,
        },
      },
    },
    cases: {
      type: 'array',
      items: {
        type: 'object',
        required: ['id', 'title', 'outcome', 'proves', 'file'],
        properties: {
          id: text,
          title: text,
          outcome,
          proves: texts,
          file: text,
          choices: {
            type: 'array',
            items: {
              type: 'object',
              required: ['step', 'took'],
              properties: {
                step: { type: 'object', required: ['text', 'file'], properties: { text, file: text } },
                took: text,
              },
            },
          },
        },
      },
    },
  },
};

type Needed = Pick<Summary, 'run' | 'requirements' | 'cases'>;

let check: ReturnType<typeof validator> | undefined;

function validator() {
  return new Ajv2020({ strict: false }).compile<Needed>(needed);
}

/** What keeps plain data from being a report of spar, in words; nothing if it is one. */
export function whyNoReport(report: unknown): string | undefined {
  check ??= validator();
  if (check(report)) return undefined;
  const [first] = check.errors ?? [];
  return `${first?.instancePath || 'it'} ${first?.message ?? 'is wrong'}`;
}

/** A run of spar, from its summary or its JSON report. */
export function laidSpar({ run, requirements, cases }: Needed, from: string, label?: string): LaidRun {
  return {
    label: label ?? run.target.name ?? run.target.label,
    from,
    source: 'spar',
    protocol: { name: run.protocol.name, title: run.protocol.title },
    role: run.role,
    time: run.time,
    spar: run.spar,
    dialects: run.dialects,
    strict: run.strict,
    ...(run.stopped && { stopped: reasonWhy(run) }),
    requirements: requirements.map(({ id, section, level, text, warn, status, brokenBy, expected }) => ({
      id,
      section,
      level,
      text,
      warn,
      status,
      expected: expected !== undefined,
      brokenBy,
    })),
    cases: cases.map(({ id, title, outcome, proves, file, choices = [] }) => ({
      id,
      title,
      outcome,
      requirements: proves,
      file,
      choices,
    })),
  };
}
