import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

export type Choice = 'action' | 'other' | null;

interface Question {
  title: string;
  text: string;
  action: string; // the word on the button that does it
  other?: string; // the word on a second one
  harmless?: boolean;
}

interface Asked extends Question {
  answer: (choice: Choice) => void;
}

const asked = signal<Asked | null>(null);

// Asks once; null is no.
export function choose(question: Question): Promise<Choice> {
  asked.value?.answer(null);
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      answer: (choice) => {
        asked.value = null;
        resolve(choice);
      },
    };
  });
}

// Before something that cannot be undone.
export const confirm = async (question: Question): Promise<boolean> => (await choose(question)) === 'action';

// However the dialog is closed (a button, Escape, the browser's own way back), there is one answer.
export function ConfirmDialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const question = asked.value;
  useLayoutEffect(() => {
    if (question) dialog.current?.showModal();
    else dialog.current?.close();
  }, [question]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="confirm-title"
      aria-describedby="confirm-text"
      onClose={() => asked.peek()?.answer(null)}
    >
      <h2 id="confirm-title">{question?.title}</h2>
      <p id="confirm-text">{question?.text}</p>
      <div class="actions actions-end">
        <button type="button" class="button" onClick={() => question?.answer(null)}>
          Cancel
        </button>
        {question?.other ? (
          <button type="button" class="button" onClick={() => question.answer('other')}>
            {question.other}
          </button>
        ) : null}
        <button
          type="button"
          class={question?.harmless ? 'button primary' : 'button danger-solid'}
          onClick={() => question?.answer('action')}
        >
          {question?.action}
        </button>
      </div>
    </dialog>
  );
}
