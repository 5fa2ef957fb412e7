// The words `--name value` of a command line, as { name: value }.
export function options(words) {
  const all = {};
  for (let at = 0; at < words.length; at += 2) all[words[at].replace(/^--/, '')] = words[at + 1];
  return all;
}
