// Server-sent events, from text as it arrives.

export interface ServerEvent {
  type: string;
  data: string;
  id: string;
}

// An event longer than this is not one of ours.
const mostCharacters = 4_000_000;

export class SseParser {
  private rest = '';
  private type = '';
  private data: string[] = [];
  private id = '';

  // Takes the next piece of the stream, cut anywhere, and returns the events that it completes.
  push(piece: string): ServerEvent[] {
    this.rest += piece;
    if (this.rest.length > mostCharacters) throw new Error('an event is too long');
    const events: ServerEvent[] = [];
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(this.rest);
      if (!end) return events;
      const line = this.rest.slice(0, end.index);
      this.rest = this.rest.slice(end.index + end[0].length);
      const event = this.line(line);
      if (event) events.push(event);
    }
  }

  private line(line: string): ServerEvent | null {
    if (line === '') return this.dispatch();
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'event') this.type = value;
    else if (name === 'data') this.data.push(value);
    else if (name === 'id' && !value.includes('\0')) this.id = value;
    return null;
  }

  private dispatch(): ServerEvent | null {
    const event = { type: this.type || 'message', data: this.data.join('\n'), id: this.id };
    const complete = this.data.length > 0;
    this.type = '';
    this.data = [];
    return complete ? event : null;
  }
}
