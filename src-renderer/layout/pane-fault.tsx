/** A fault in one pane is shown in that pane; the others go on. */
import { Component, type ReactNode } from 'react';
import { Button } from '../look/button.tsx';
import { ErrorState } from '../look/states.tsx';

interface Props {
  readonly name: string;
  readonly children: ReactNode;
}

interface State {
  readonly fault: Error | null;
}

export class PaneFault extends Component<Props, State> {
  override state: State = { fault: null };

  static getDerivedStateFromError(fault: unknown): State {
    return { fault: fault instanceof Error ? fault : new Error(String(fault)) };
  }

  override render(): ReactNode {
    const { fault } = this.state;
    if (fault === null) return this.props.children;
    return (
      <ErrorState
        error={{
          operation: `showing the pane ${this.props.name}`,
          reason: fault.message,
          advice: 'This is a fault of Strata. The build is not affected.',
          output: fault.stack ?? null,
        }}
        actions={<Button onClick={() => this.setState({ fault: null })}>Show it again</Button>}
      />
    );
  }
}
