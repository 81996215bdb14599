import { sourceCorrupt } from '../../errors.ts';
import type { Cell } from '../../row.ts';
import { MAX_COLUMNS } from '../columns.ts';
import { CellProblem, type CellReader } from './cell-value.ts';
import type { XmlHandler } from './read-xml.ts';
import { BoundedText } from './text-of-xml.ts';

/** A row of a sheet. */
export interface SheetRow {
  /** As the sheet numbers it, from 1. */
  readonly number: number;
  /** By column, from 0; absent where there is none. */
  readonly cells: (Cell | undefined)[];
  /** Of its first cell that cannot be read. */
  problem: { column: number; problem: CellProblem } | undefined;
}

/** Gathers the rows of a sheet out of its XML (ECMA-376, part 1, 18.3.1). */
export class SheetHandler implements XmlHandler {
  readonly #source: string;
  readonly #read: CellReader;
  readonly #texts: { value: BoundedText; formula: BoundedText };
  #finished: SheetRow[] = [];
  #row: SheetRow = { number: 0, cells: [], problem: undefined };
  #column = -1;
  #type = 'n';
  #style = 0;
  #into: BoundedText | undefined;
  #isPhonetic = false;

  constructor(source: string, options: { read: CellReader; maxCellBytes: number }) {
    this.#source = source;
    this.#read = options.read;
    const { maxCellBytes } = options;
    this.#texts = { value: new BoundedText(maxCellBytes), formula: new BoundedText(maxCellBytes) };
  }

  /** The rows that were finished since the last time. */
  take(): SheetRow[] {
    const taken = this.#finished;
    this.#finished = [];
    return taken;
  }

  open(name: string, attributes: Readonly<Record<string, string>>): void {
    if (name === 'row') this.#openRow(attributes.r);
    else if (name === 'c') this.#openCell(attributes);
    else if (name === 'v') this.#into = this.#texts.value;
    else if (name === 'f') this.#into = this.#texts.formula;
    else if (name === 'rPh') this.#isPhonetic = true;
    else if (name === 't' && !this.#isPhonetic) this.#into = this.#texts.value;
  }

  text(text: string): void {
    this.#into?.add(text);
  }

  close(name: string): void {
    if (name === 'row') this.#finished.push(this.#row);
    else if (name === 'c') this.#closeCell();
    else if (name === 'rPh') this.#isPhonetic = false;
    else if (name === 'v' || name === 'f' || name === 't') this.#into = undefined;
  }

  #openRow(reference: string | undefined): void {
    const number = reference === undefined ? this.#row.number + 1 : Number(reference);
    if (!(Number.isSafeInteger(number) && number > this.#row.number))
      throw sourceCorrupt(
        this.#source,
        `the rows of its sheet are not in order behind row ${this.#row.number}`,
      );
    this.#row = { number, cells: [], problem: undefined };
    this.#column = -1;
  }

  #openCell({ r, t = 'n', s = '0' }: Readonly<Record<string, string>>): void {
    this.#column = r === undefined ? this.#column + 1 : columnOf(r);
    if (!(this.#column >= 0 && this.#column < MAX_COLUMNS))
      throw sourceCorrupt(this.#source, `a cell of row ${this.#row.number} has a column that no sheet has`);
    this.#type = t;
    this.#style = Number(s);
    this.#texts.value.take();
    this.#texts.formula.take();
  }

  #closeCell(): void {
    const { value, formula } = this.#texts;
    const raw = { type: this.#type, style: this.#style, value: value.take(), formula: formula.take() };
    const cell = this.#read(raw);
    if (!(cell instanceof CellProblem)) this.#row.cells[this.#column] = cell;
    else this.#row.problem ??= { column: this.#column, problem: cell };
  }
}

/** From 0: `A1` is 0, `AA7` is 26. */
function columnOf(reference: string): number {
  let column = 0;
  for (const letter of reference) {
    const digit = letter.charCodeAt(0) - 64;
    if (digit < 1 || digit > 26) break;
    column = column * 26 + digit;
  }
  return column - 1;
}
