/** One figure: the measured thing, what it is held against, and the ratio of their medians. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly spar: readonly number[];
  readonly beside: readonly number[];
  /** What stands beside. */
  readonly besideName: string;
  readonly ratio: number;
  /** The figure to reach. */
  readonly wanted?: string;
  /** What a reader must know besides. */
  readonly note?: string;
}

/** A row of measurements; the ratio is that of the medians. */
export function row(
  measured: Omit<Row, 'ratio' | 'beside' | 'besideName'> &
    Partial<Pick<Row, 'ratio' | 'beside' | 'besideName'>>,
): Row {
  const { beside = [], besideName = 'nothing' } = measured;
  const ratio = measured.ratio ?? median(measured.spar) / median(beside);
  return {
    ...measured,
    spar: measured.spar.map((value) => rounded(value, 10)),
    beside: beside.map((value) => rounded(value, 10)),
    besideName,
    ratio: rounded(ratio, 1000),
  };
}

/** The middle one of some figures. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function rounded(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}

/** A row as a line for the terminal. */
export function shownRow(one: Row): string {
  const beside =
    one.beside.length === 0
      ? ''
      : `${one.besideName}: ${median(one.beside).toFixed(0)}, ratio ${one.ratio.toFixed(2)}`;
  const more = [beside, one.wanted ?? '', one.note ?? ''].filter((text) => text !== '').join('; ');
  return `${one.name.padEnd(56)} ${median(one.spar).toFixed(0).padStart(7)} ${one.unit.padEnd(8)} ${more}\n`;
}
