import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';

/** One file of the hot path. */
export interface ScriptGroup {
  /** Of the file, without `.mjs`. */
  name: string;
  /** What it exports. */
  exports: readonly string[];
}

/**
 * Loads a script, with what V8 has kept of it where there is some. Part of the file that the function is entered by. The name of
 * what was kept has what V8 does not look at: the hash of the script, the architecture, and the version with what Node has
 * changed in it (`-node.53`). What is of another version, or made under other flags, V8 refuses by itself, and compiles the
 * script as ever.
 */
const LOADER = `const{readFileSync:read}=process.getBuiltinModule("node:fs"),vm=process.getBuiltinModule("node:vm");
const dir=import.meta.dirname,loaded={},scripts={};
const keptAs=name=>name+"."+hashes[name]+"."+process.arch+"-"+process.versions.v8+".cache";
function kept(name){try{return read(dir+"/"+keptAs(name))}catch{}}
const take=path=>$load(path.slice(2,-4));
const later=path=>path.slice(2,-4)in hashes?Promise.resolve(path).then(take):import(path);
export function $load(name){
if(loaded[name])return loaded[name];
const filename=dir+"/"+name+".script.js",all={};
const script=scripts[name]=new vm.Script(read(filename,"latin1"),{filename,cachedData:kept(name),lineOffset:-1});
script.runInThisContext()(all,take,later);
return loaded[name]=all
}
export const $keep=()=>Object.entries(scripts).map(([name,script])=>[keptAs(name),script.createCachedData()]);
export const $used=()=>Object.values(scripts).every(script=>script.cachedDataRejected===false);
`;

/**
 * Turns the ES modules of the groups in `folder` into scripts: of a script V8 can keep what an earlier run has compiled, of a module
 * it cannot. `store.mjs` becomes `store.script.js`, and a module of its old name hands on what that exports, for chunks that are
 * loaded later. (Not `index.js`: the platform would take that for the entry.) Lines and columns stay what they were, so that
 * the source maps fit.
 * @param groups the first is the one that the function is entered by; each may import those before it
 * @throws Error for a module that does not look as esbuild writes them
 */
export function makeGroupScripts(folder: string, groups: readonly ScriptGroup[]): void {
  const names = groups.map(({ name }) => name);
  const hashes: Record<string, string> = {};
  for (const [index, { name }] of groups.entries()) {
    const script = scriptOf(readFileSync(join(folder, `${name}.mjs`), 'utf8'), names.slice(0, index));
    hashes[name] = createHash('sha256').update(script).digest('hex').slice(0, 16);
    writeFileSync(join(folder, `${name}.script.js`), script);
  }
  const wanted = wantedNames(folder, names);
  for (const [index, { name, exports }] of groups.entries()) {
    const head =
      index === 0
        ? `const hashes=${JSON.stringify(hashes)};\n${LOADER}`
        : `import{$load}from"./${names[0]}.mjs";\n`;
    // The names of one another's exports begin so; those of the entry itself are for the platform.
    const handed = exports.filter(each => !each.startsWith('$') || wanted.has(each));
    const list = handed.map(each => `${each}=all.${each}`).join(',');
    const tail = list === '' ? '' : `export const ${list};\n`;
    writeFileSync(join(folder, `${name}.mjs`), `${head}const all=$load("${name}");\n${tail}`);
  }
}

/** What the chunks that are loaded later take from the groups. */
function wantedNames(folder: string, groups: readonly string[]): Set<string> {
  const chunks = readdirSync(folder).filter(
    file => file.endsWith('.mjs') && !groups.includes(file.slice(0, -'.mjs'.length)),
  );
  return new Set(chunks.flatMap(file => readFileSync(join(folder, file), 'utf8').match(/\$\d+\b/g) ?? []));
}

/**
 * The text of a function of what it exports, what gives the exports of an earlier group, and what stands for `import()`. The first
 * line is added; every other character stays where it was.
 */
function scriptOf(source: string, earlier: readonly string[]): string {
  const needed: string[] = [];
  const blanked = source.replaceAll(
    /(?<=^|[;}\n])import(?:\{([^}]*)\}from)?"\.\/([\w-]+)\.mjs";/g,
    (whole, list: string | undefined, from: string) => {
      if (list !== undefined && !earlier.includes(from)) throw new Error(`No group before it is "${from}"`);
      // Without names it is a chunk of nothing but helpers that others need.
      if (list !== undefined) needed.push(`const{${list.replaceAll(' as ', ':')}}=$take("./${from}.mjs");`);
      return ' '.repeat(whole.length);
    },
  );
  const ended = blanked.replace(/export\{([^}]*)\};?\s*$/, (_, list: string) => {
    const pairs = list.split(',').map(each => each.split(' as '));
    return `Object.assign($all,{${pairs.map(([own, name = own]) => `${name}:${own}`).join(',')}});`;
  });
  if (/(?:^|[;}\n])(?:import[{"*]|export[{ ])/.test(ended))
    throw new Error('An import or export was not understood');
  // As long as the word that it replaces.
  const text = ended.replaceAll(/\bimport\("/g, '$later("');
  return checked(`(function($all,$take,$later){"use strict";${needed.join('')}\n${text}\n})`);
}

/** Refuses what only a module may do: with `import.meta`, an `await` outside functions or a computed name it would fail when loaded. */
function checked(script: string): string {
  // The loader reads bytes as characters, which takes half the time of decoding.
  if (Buffer.byteLength(script) !== script.length) throw new Error('Making a script fails: it is not ASCII');
  const computed = /\bimport\([^)]{0,60}/.exec(script);
  if (computed) throw new Error(`Making a script fails: "${computed[0]}" names no chunk`);
  new Script(script);
  return script;
}
