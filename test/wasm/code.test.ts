import { describe, expect, test } from 'vitest';
import { openArena } from '../../src/wasm/arena.ts';
import { assemble, type FunctionSource } from '../../src/wasm/assemble.ts';
import type { Code, Label, Local } from '../../src/wasm/code.ts';
import { host } from '../../src/wasm/host.ts';
import { type NameWith, OPCODES, type ValueType } from '../../src/wasm/opcodes.ts';
import fc from '../support/fc.ts';
import { numRuns } from '../support/numRuns.ts';

type Write = FunctionSource['write'];

function assembleOne(write: Write, results: readonly ValueType[] = []): Uint8Array {
  return assemble([{ name: 'f', parameters: ['i32', 'f32', 'v128'], results, write }]);
}

const ZERO: readonly number[] = new Array<number>(16).fill(0);

const wrong: readonly [what: string, write: Write, message: string][] = [
  // @ts-expect-error: red in an editor, too.
  ['an unknown instruction', (code) => code.op('i32.pow'), 'f: there is no instruction i32.pow'],
  // @ts-expect-error: red in an editor, too.
  ['a name that every object has', (code) => code.op('toString'), 'f: there is no instruction toString'],
  ['an empty stack', (code) => code.op('i32.eqz'), 'f: i32.eqz needs i32 but found an empty stack'],
  [
    'one operand of two',
    (code) => {
      code.i32(1);
      code.op('i32.add');
    },
    'f: i32.add needs i32 i32 but found an empty stack',
  ],
  [
    'another type',
    (code) => {
      code.i32(1);
      code.f32(1);
      code.op('i32.add');
    },
    'f: i32.add needs i32 i32 but found f32',
  ],
  [
    'operands in the wrong order',
    (code) => {
      code.f32(1);
      code.i32(1);
      code.memory('f32.store');
    },
    'f: f32.store needs i32 f32 but found i32',
  ],
  [
    'what a block around it left on the stack',
    (code) => {
      code.i32(1);
      code.block(() => code.op('i32.eqz'));
    },
    'f: i32.eqz needs i32 but found an empty stack',
  ],
  ['something left over', (code) => code.i32(1), 'f: a function leaves i32 on the stack'],
  ['something left over by a block', (code) => code.block(() => code.f32(1)), 'f: a block leaves f32 on the stack'],
  [
    'things left over by a loop',
    (code, [a, , v]) =>
      code.loop(() => {
        code.get(a);
        code.get(v);
      }),
    'f: a loop leaves i32 v128 on the stack',
  ],
  [
    'something left over by an if',
    (code, [a]) => {
      code.get(a);
      code.if(() => code.i32(1));
    },
    'f: a branch of if leaves i32 on the stack',
  ],
  [
    'something left over by an if that has another branch',
    (code, [a]) => {
      code.get(a);
      code.if(
        () => code.i32(1),
        () => {},
      );
    },
    'f: a branch of if leaves i32 on the stack',
  ],
  [
    'something left over by the other branch',
    (code, [a]) => {
      code.get(a);
      code.if(
        () => {},
        () => code.i32(1),
      );
    },
    'f: a branch of if leaves i32 on the stack',
  ],
  ['an if of nothing', (code) => code.if(() => {}), 'f: if needs i32 but found an empty stack'],
  ['a branch of nothing', (code) => code.loop((l) => code.brIf(l)), 'f: br_if needs i32 but found an empty stack'],
  ['a local of another type', (code, [a]) => (code.f32(1), code.set(a)), 'f: local.set needs i32 but found f32'],
  ['a tee of nothing', (code, [a]) => code.tee(a), 'f: local.tee needs i32 but found an empty stack'],
  // @ts-expect-error: red in an editor, too.
  ['no such local', (code) => code.get({ index: 3, type: 'i32' }), 'f: local 3 of type i32 is not of this function'],
  [
    'a local that claims another type',
    // @ts-expect-error: red in an editor, too.
    (code) => code.get({ index: 0, type: 'v128' }),
    'f: local 0 of type v128 is not of this function',
  ],
  // @ts-expect-error: red in an editor, too.
  ['no immediate where one is needed', (code) => code.op('v128.load'), 'f: v128.load takes memory, not nothing'],
  // @ts-expect-error: red in an editor, too.
  ['a memory argument for a sum', (code) => code.memory('f32x4.add'), 'f: f32x4.add takes nothing, not memory'],
  // @ts-expect-error: red in an editor, too.
  ['a lane for a load', (code) => code.lane('v128.load', 0), 'f: v128.load takes memory, not lane or memoryLane'],
  [
    'a memory argument alone for a load of a lane',
    // @ts-expect-error: red in an editor, too.
    (code) => code.memory('v128.load32_lane'),
    'f: v128.load32_lane takes memoryLane, not memory',
  ],
  [
    'a lane that there is not',
    (code, [, , v]) => (code.get(v), code.lane('f32x4.extract_lane', 4)),
    'f: f32x4.extract_lane of lane 4',
  ],
  [
    'half a lane',
    (code, [, , v]) => (code.get(v), code.lane('f32x4.extract_lane', 0.5)),
    'f: f32x4.extract_lane of lane 0.5',
  ],
  [
    'a lane of eight bytes that there is not',
    (code, [a, , v]) => (code.get(a), code.get(v), code.lane('v128.store64_lane', 2)),
    'f: v128.store64_lane of lane 2',
  ],
  [
    'an offset where no memory is',
    (code, [, , v]) => (code.get(v), code.lane('f32x4.extract_lane', 0, 0)),
    'f: f32x4.extract_lane takes no offset',
  ],
  [
    'an offset beyond 32 bits',
    (code, [a]) => (code.get(a), code.memory('f32.load', 2 ** 32)),
    'f: f32.load at an offset of 4294967296',
  ],
  ['an offset below 0', (code, [a]) => (code.get(a), code.memory('f32.load', -4)), 'f: f32.load at an offset of -4'],
  [
    'an alignment beyond what is read',
    (code, [a]) => (code.get(a), code.memory('f32.load', 0, 3)),
    'f: f32.load of 4 bytes aligned to 2^3',
  ],
  ['a constant beyond 32 bits', (code) => code.i32(2 ** 32), 'f: i32.const 4294967296'],
  ['a constant below 32 bits', (code) => code.i32(-(2 ** 31) - 1), 'f: i32.const -2147483649'],
  ['a constant that is not whole', (code) => code.i32(0.5), 'f: i32.const 0.5'],
  [
    'too few bytes',
    (code) => code.bytes16('v128.const', [1, 2]),
    'f: v128.const needs 16 bytes below 256 but found 1 2',
  ],
  [
    'bytes that are none',
    (code) => code.bytes16('v128.const', ZERO.with(0, 256)),
    'f: v128.const needs 16 bytes below 256 but found 256 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0',
  ],
  [
    'lanes of a shuffle that there are not',
    (code, [, , v]) => (code.get(v), code.get(v), code.bytes16('i8x16.shuffle', ZERO.with(15, 32))),
    'f: i8x16.shuffle needs 16 bytes below 32 but found 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 32',
  ],
  [
    'a branch to a block that is closed',
    (code) => {
      const kept: Label[] = [];
      code.block((label) => kept.push(label));
      code.br(kept[0]);
    },
    'f: a branch out of its block',
  ],
  [
    'a branch to a block that is closed, from one as deep',
    (code) => {
      const kept: Label[] = [];
      code.block((label) => kept.push(label));
      code.block(() => code.br(kept[0]));
    },
    'f: a branch out of its block',
  ],
  [
    'what follows a branch in a block, after the block',
    (code) => {
      code.block((out) => code.br(out));
      code.op('i32.eqz');
    },
    'f: i32.eqz needs i32 but found an empty stack',
  ],
  [
    'another type after a branch',
    (code) =>
      code.block((out) => {
        code.br(out);
        code.f32(1);
        code.op('i32.eqz');
      }),
    'f: i32.eqz needs i32 but found f32',
  ],
  [
    'something left over after a branch',
    (code) =>
      code.block((out) => {
        code.br(out);
        code.f32(1);
      }),
    'f: a block leaves f32 on the stack',
  ],
  [
    'in the other branch of if what follows a branch in the first',
    (code, [a]) =>
      code.block((out) => {
        code.get(a);
        code.if(
          () => code.br(out),
          () => code.op('drop'),
        );
      }),
    'f: drop needs v128 but found an empty stack',
  ],
];

describe('wrong code is refused as it is written', () => {
  test.each(wrong)('%s', (_, write, message) => {
    expect(() => assembleOne(write)).toThrow(new Error(message));
  });

  test('no result, another one, and one too many', () => {
    const results = ['f32'] as const;
    const end = 'f: the end of the function needs f32 but found';
    expect(() => assembleOne(() => {}, results)).toThrow(new Error(`${end} an empty stack`));
    expect(() => assembleOne((code) => code.i32(1), results)).toThrow(new Error(`${end} i32`));
    expect(() => assembleOne((code) => (code.f32(1), code.f32(2)), results)).toThrow(
      new Error('f: a function leaves f32 on the stack'),
    );
  });

  test('a local or a label of another function', () => {
    const kept: [Local, Label][] = [];
    const first: FunctionSource = {
      name: 'first',
      parameters: [],
      write: (code) => code.block((label) => kept.push([code.local('i32'), label])),
    };
    const reads: FunctionSource = {
      name: 'reads',
      parameters: ['i32'],
      write: (code) => code.get(kept[0][0]),
    };
    const jumps: FunctionSource = {
      name: 'jumps',
      parameters: [],
      write: (code) => code.block(() => code.br(kept[0][1])),
    };
    expect(() => assemble([first, reads])).toThrow(new Error('reads: local 0 of type i32 is not of this function'));
    expect(() => assemble([first, jumps])).toThrow(new Error('jumps: a branch out of its block'));
  });

  test('two functions of one name', () => {
    const one: FunctionSource = { name: 'one', parameters: [], write() {} };
    expect(() => assemble([one, one])).toThrow(new Error('one: there are two functions of this name'));
  });
});

const right: readonly [what: string, write: Write][] = [
  ['nothing', () => {}],
  [
    'operands of any type after a branch',
    (code) =>
      code.block((out) => {
        code.br(out);
        code.op('i32.add');
        code.op('i32x4.splat');
        code.op('drop');
        code.memory('f32.store');
      }),
  ],
  [
    'a branch that leaves values behind',
    (code, [a, b]) =>
      code.block((out) => {
        code.get(a);
        code.get(b);
        code.br(out);
      }),
  ],
  [
    'a branch under a condition above other values',
    (code, [a, , v]) =>
      code.block((out) => {
        code.get(v);
        code.get(a);
        code.brIf(out);
        code.op('drop');
      }),
  ],
  [
    'blocks after a branch',
    (code, [a]) =>
      code.loop((again) => {
        code.br(again);
        code.block((out) => {
          code.get(a);
          code.brIf(out);
        });
        code.if(
          () => code.br(again),
          () => {},
        );
        code.op('drop');
      }),
  ],
  [
    'branches from both sides of an if',
    (code, [a]) =>
      code.loop((again) =>
        code.block((out) => {
          code.get(a);
          code.if(
            () => code.br(out),
            () => code.br(again),
          );
        }),
      ),
  ],
  [
    'locals of all types beside each other, more than one byte numbers',
    (code) => {
      const types: readonly ValueType[] = ['i32', 'i32', 'f32', 'v128', 'v128', 'i32'];
      for (let i = 0; i < 200; i++) {
        const local = code.local(types[i % types.length]);
        code.get(local);
        code.tee(local);
        code.set(local);
      }
    },
  ],
  [
    'constants and offsets at their limits',
    (code) => {
      for (const value of [0, 63, 64, -64, -65, 2 ** 31 - 1, -(2 ** 31), 2 ** 32 - 1]) {
        code.i32(value);
        code.memory('v128.load', 2 ** 32 - 1, 4);
        code.op('drop');
      }
    },
  ],
];

describe('right code is valid', () => {
  test.each(right)('%s', (_, write) => {
    expect(host.validate(assembleOne(write))).toBe(true);
  });

  test('of any instructions: what is not refused as it is written is valid', () => {
    let accepted = 0;
    fc.assert(
      fc.property(anySteps, (steps) => {
        let bytes: Uint8Array;
        try {
          bytes = assembleOne((code, parameters) => writeSteps(code, parameters, [], steps));
        } catch {
          return;
        }
        accepted++;
        expect(host.validate(bytes)).toBe(true);
      }),
      numRuns(3000),
    );
    expect(accepted).toBeGreaterThan(300);
  });

  test('with names in any letters, several functions and results', () => {
    const bytes = assemble([
      { name: '3×3 ✓', parameters: [], results: ['i32'], write: (code) => code.i32(-7) },
      { name: 'half', parameters: ['f32'], results: ['f32'], write: halve },
    ]);
    const exports = openArena(1).exportsOf(new host.Module(bytes));
    expect([exports['3×3 ✓'](), exports['half'](3)]).toEqual([-7, 1.5]);
  });

  test('with a memory that threads share', () => {
    const source: FunctionSource = { name: 'read', parameters: ['i32'], results: ['f32'], write: readFloat };
    const shared = openArena(1, true);
    shared.floats[20] = 0.5;
    expect(shared.exportsOf(new host.Module(assemble([source], { shared: true })))['read'](80)).toBe(0.5);
    // A module must say what kind of memory it takes.
    expect(() => shared.exportsOf(new host.Module(assemble([source])))).toThrow();
  });

  test('of some tens of thousands of bytes', () => {
    const bytes = assembleOne((code, [a, , v]) => {
      for (let i = 0; i < 4000; i++) {
        code.get(a);
        code.get(v);
        code.memory('v128.store', 16 * i);
      }
    });
    expect(bytes.length).toBeGreaterThan(30_000);
    expect(host.validate(bytes)).toBe(true);
  });
});

describe('control', () => {
  test('a loop begins again, a block is left, an if takes one branch', () => {
    // The sum of 1 … n that are odd, up to the first that is 9.
    const bytes = assemble([
      {
        name: 'sum',
        parameters: ['i32'],
        results: ['i32'],
        write(code, [n]) {
          const i = code.local('i32');
          const sum = code.local('i32');
          const skipped = code.local('i32');
          code.block((done) =>
            code.loop((again) => {
              code.get(i);
              code.get(n);
              code.op('i32.eq');
              code.brIf(done);
              code.get(i);
              code.i32(1);
              code.op('i32.add');
              code.tee(i);
              code.i32(9);
              code.op('i32.eq');
              code.if(() => code.br(done));
              code.get(i);
              code.i32(1);
              code.op('i32.and');
              code.if(
                () => {
                  code.get(sum);
                  code.get(i);
                  code.op('i32.add');
                  code.set(sum);
                },
                () => {
                  code.get(skipped);
                  code.i32(100);
                  code.op('i32.add');
                  code.set(skipped);
                },
              );
              code.br(again);
            }),
          );
          code.get(sum);
          code.get(skipped);
          code.op('i32.add');
        },
      },
    ]);
    const { sum } = openArena(1).exportsOf(new host.Module(bytes));
    expect([0, 1, 2, 5, 20].map((n) => sum(n))).toEqual([0, 1, 101, 209, 416]);
  });
});

/** A step of a random program; a few operands are pushed that nobody asked for, and a few results are left. */
type Step =
  | { readonly kind: 'op'; readonly name: string; readonly missing: boolean; readonly left: boolean }
  | { readonly kind: 'block' | 'loop' | 'if'; readonly body: readonly Step[]; readonly otherwise?: readonly Step[] }
  | { readonly kind: 'br' | 'brIf'; readonly target: number };

const rarely = fc.integer({ min: 0, max: 19 }).map((draw) => draw === 0);

const { steps: anySteps } = fc.letrec<{ steps: readonly Step[]; step: Step }>((tie) => ({
  steps: fc.array(tie('step'), { maxLength: 6, depthIdentifier: 'code' }),
  step: fc.oneof(
    { depthIdentifier: 'code', maxDepth: 4 },
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('op' as const),
        name: fc.constantFrom(...Object.keys(OPCODES).filter((name) => !name.includes('relaxed'))),
        missing: rarely,
        left: rarely,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constantFrom('br' as const, 'brIf' as const), target: fc.nat(4) }),
    },
    {
      weight: 2,
      arbitrary: fc.record(
        {
          kind: fc.constantFrom('block' as const, 'loop' as const, 'if' as const),
          body: tie('steps'),
          otherwise: tie('steps'),
        },
        { requiredKeys: ['kind', 'body'] },
      ),
    },
  ),
}));

function writeSteps(code: Code, parameters: readonly Local[], labels: readonly Label[], steps: readonly Step[]): void {
  const inside = (label: Label, body: readonly Step[]): void => writeSteps(code, parameters, [...labels, label], body);
  for (const step of steps) {
    if (step.kind === 'op') {
      writeOperation(code, parameters, step);
    } else if (step.kind === 'block' || step.kind === 'loop') {
      code[step.kind]((label) => inside(label, step.body));
    } else if (step.kind === 'if') {
      const { otherwise } = step;
      code.get(parameters[0]);
      code.if(
        () => writeSteps(code, parameters, labels, step.body),
        otherwise && (() => writeSteps(code, parameters, labels, otherwise)),
      );
    } else if ('target' in step && labels.length > 0) {
      if (step.kind === 'brIf') code.get(parameters[0]);
      code[step.kind](labels[step.target % labels.length]);
    }
  }
}

function writeOperation(
  code: Code,
  parameters: readonly Local[],
  { name, missing, left }: Extract<Step, { kind: 'op' }>,
): void {
  const { takes, gives, immediate } = OPCODES[name];
  const ofType = (type: ValueType): Local => parameters.find((local) => local.type === type) as Local;
  for (const type of takes.slice(missing ? 1 : 0)) code.get(ofType(type));
  if (immediate === 'memory') code.memory(name as NameWith<'memory'>, 3);
  else if (immediate === 'bytes16') code.bytes16(name as 'v128.const', ZERO);
  else if (immediate === 'nothing') code.op(name as NameWith<'nothing'>);
  else code.lane(name as NameWith<'lane'>, 1);
  if (!left) for (const type of gives) code.set(ofType(type));
}

function halve(code: Code, [x]: readonly Local[]): void {
  code.get(x);
  code.f32(0.5);
  code.op('f32.mul');
}

function readFloat(code: Code, [address]: readonly Local[]): void {
  code.get(address);
  code.memory('f32.load', 0, 2);
}
