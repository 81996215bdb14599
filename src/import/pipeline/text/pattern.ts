import { type CharTest, type Node, parsePatternText } from './parse-pattern.ts';

/** Thompson, "Regular expression search algorithm" (1968): all ways through the pattern are followed at once, with what is reached kept. */
type Instruction =
  | { kind: 'char'; matches: CharTest; next: number }
  | { kind: 'split'; to: readonly number[] }
  | { kind: 'start' | 'end'; next: number }
  | { kind: 'match' };

/** A set of places in the pattern. */
interface State {
  /** Instructions of kind `char` and `end`, ascending. */
  readonly places: readonly number[];
  readonly isMatch: boolean;
  /** By ASCII character. */
  readonly next: (State | undefined)[];
}

const MAX_INSTRUCTIONS = 500;
/** Parts of the pattern that are gone through, repeated ones as often: an empty group makes no instruction, however often it is repeated. */
const MAX_EMITTED = 10_000;
/** Kept; above it all are forgotten and made anew. */
const MAX_STATES = 500;

/**
 * Compiles a regular expression that is asked whether it matches anywhere in a text, in time linear in the text whatever the pattern
 * and the text are. {@link parsePatternText} says what it may hold.
 * @param wrong throws, told what would be right
 */
export function compilePattern(source: string, wrong: (wanted: string) => never): (text: string) => boolean {
  const program: Instruction[] = [];
  const emit = (instruction: Instruction): number => {
    if (program.length >= MAX_INSTRUCTIONS) wrong('a pattern must be simpler, with smaller repetitions');
    return program.push(instruction) - 1;
  };
  const match = emit({ kind: 'match' });
  let emitted = 0;
  const visit = () => {
    emitted += 1;
    if (emitted > MAX_EMITTED) wrong('a pattern must be simpler, with smaller repetitions');
  };
  const start = emitNode(parsePatternText(source, wrong), match, { emit, visit });
  const matcher = new Matcher(program, start);
  return text => matcher.matches(text);
}

interface Emitter {
  emit(instruction: Instruction): number;
  /** Called for each node, before it is emitted. Throws when there were too many. */
  visit(): void;
}

/** Emits a node in front of `next`. @returns where it begins */
function emitNode(node: Node, next: number, emitter: Emitter): number {
  emitter.visit();
  const { emit } = emitter;
  switch (node.kind) {
    case 'char':
      return emit({ kind: 'char', matches: node.matches, next });
    case 'start':
    case 'end':
      return emit({ kind: node.kind, next });
    case 'row':
      return node.nodes.reduceRight((behind, one) => emitNode(one, behind, emitter), next);
    case 'choice':
      return emit({ kind: 'split', to: node.nodes.map(one => emitNode(one, next, emitter)) });
    case 'repeat':
      return emitRepeat(node, next, emitter);
  }
}

function emitRepeat({ node, min, max }: Node & { kind: 'repeat' }, next: number, emitter: Emitter): number {
  const { emit } = emitter;
  let behind = next;
  if (max === Number.POSITIVE_INFINITY) {
    const to: number[] = [];
    behind = emit({ kind: 'split', to });
    to.push(emitNode(node, behind, emitter), next);
  } else {
    for (let count = min; count < max; count += 1) {
      behind = emit({ kind: 'split', to: [emitNode(node, behind, emitter), next] });
    }
  }
  for (let count = 0; count < min; count += 1) behind = emitNode(node, behind, emitter);
  return behind;
}

class Matcher {
  readonly #program: readonly Instruction[];
  readonly #start: number;
  #states = new Map<string, State>();
  #first: State | undefined;

  constructor(program: readonly Instruction[], start: number) {
    this.#program = program;
    this.#start = start;
  }

  matches(text: string): boolean {
    this.#first ??= this.#state([this.#start], true);
    let state = this.#first;
    for (let index = 0; index < text.length && !state.isMatch; ) {
      const code = text.codePointAt(index) as number;
      index += code > 0xffff ? 2 : 1;
      state = state.next[code] ?? this.#step(state, code);
    }
    return state.isMatch || this.#reach(this.#ends(state), text === '', true).isMatch;
  }

  #step(state: State, code: number): State {
    const reached: number[] = [this.#start];
    for (const place of state.places) {
      const instruction = this.#program[place] as Instruction;
      if (instruction.kind === 'char' && instruction.matches(code)) reached.push(instruction.next);
    }
    const next = this.#state(reached, false);
    if (code < 128) state.next[code] = next;
    return next;
  }

  #ends({ places }: State): readonly number[] {
    return places.filter(place => this.#program[place]?.kind === 'end');
  }

  #state(from: readonly number[], atStart: boolean): State {
    const { places, isMatch } = this.#reach(from, atStart, false);
    const key = `${isMatch} ${places.join(' ')}`;
    const known = this.#states.get(key);
    if (known !== undefined) return known;
    if (this.#states.size >= MAX_STATES) {
      this.#states = new Map();
      this.#first = undefined;
    }
    const made: State = { places, isMatch, next: [] };
    this.#states.set(key, made);
    return made;
  }

  /** What can be reached without a character. */
  #reach(from: readonly number[], atStart: boolean, atEnd: boolean): { places: number[]; isMatch: boolean } {
    const seen = new Set(from);
    const places: number[] = [];
    let isMatch = false;
    // A set that grows while it is gone through is gone through to its end.
    for (const at of seen) {
      const instruction = this.#program[at] as Instruction;
      if (instruction.kind === 'match') isMatch = true;
      else if (instruction.kind === 'split') for (const to of instruction.to) seen.add(to);
      else if (instruction.kind === 'start') {
        if (atStart) seen.add(instruction.next);
      } else if (instruction.kind === 'end' && atEnd) seen.add(instruction.next);
      else places.push(at);
    }
    return { places: places.sort((a, b) => a - b), isMatch };
  }
}
