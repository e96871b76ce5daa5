import { Component, type ComponentChildren } from 'preact';
import { ErrorNote } from './notes';

interface Props {
  children: ComponentChildren;
}

// A fault of the console itself takes one page with it, not the navigation.
export class ErrorBoundary extends Component<Props, { error: unknown }> {
  override state = { error: null };

  static override getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render({ children }: Props, { error }: { error: unknown }) {
    return error ? <ErrorNote error={error} retry={() => location.reload()} /> : <>{children}</>;
  }
}
