const levels = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };

const lengthMax = 400;

/**
 * Formats a line of the JSON log for people: time, level, message, then the rest as name=value. Always a single line.
 */
export function readable(line, printable) {
  return printable(legible(line)).slice(0, lengthMax);
}

function legible(line) {
  try {
    const {
      time,
      level,
      msg,
      err,
      pid: _pid,
      hostname: _hostname,
      program: _program,
      ...rest
    } = JSON.parse(line);
    const at = new Date(time ?? Date.now()).toTimeString().slice(0, 8);
    const facts = Object.entries(rest).map(([name, value]) => `${name}=${brief(value)}`);
    if (err) facts.push(brief(err.message ?? err));
    return [at, levels[level] ?? level, msg ?? '', ...facts].join(' ');
  } catch {
    return line;
  }
}

/** Quoted if it could be read as more than one value. */
const brief = (value) =>
  typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
