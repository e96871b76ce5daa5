import { Time } from './time';

const instant = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)/;

// A sentence of the gateway, with the times in it as times: "device offline since 04:27:30".
export function Words({ text }: { text: string }) {
  return (
    <>{text.split(instant).map((part, index) => (index % 2 === 1 ? <Time key={index} at={part} /> : part))}</>
  );
}
