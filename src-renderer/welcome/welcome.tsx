/** What one sees before a target is open: the first build in one click, what was open before, and what this is. */
import { Button, IconButton } from '../look/button.tsx';
import { withCode } from '../look/code-text.tsx';
import {
  ChevronRightIcon,
  CrossIcon,
  FileIcon,
  LibraryIcon,
  PlayIcon,
  StrataIcon,
} from '../look/icons.tsx';
import { Loading } from '../look/states.tsx';
import { Keys } from '../look/tooltip.tsx';
import { focusTarget } from '../palette/focus.ts';
import { control } from '../palette/keys.ts';
import { targetTitle } from '../run-bar/target-path.ts';
import { useConnection } from '../store/connection.ts';
import { showTraceQuestion } from '../store/overlays.ts';
import { forget, useRecent } from '../store/recent.ts';
import { run } from '../store/running.ts';
import { openTarget } from '../store/wish.ts';
import './welcome.css';

export function Welcome() {
  const { hello, state } = useConnection();
  const { targets } = useRecent();
  if (hello === null) {
    return (
      <main className="welcome welcome-waits">
        <Loading label={state === 'lost' ? 'Connecting again' : 'Connecting to the engine'} />
      </main>
    );
  }
  const first = hello.examples.find(({ name }) => name === 'hello') ?? hello.examples[0];
  return (
    <main className="welcome">
      <div className="welcome-sheet">
        <header className="welcome-head">
          <StrataIcon />
          <div>
            <h2>Build with Nix, phase by phase</h2>
            <p>
              Each phase runs in a layer of its own. A build resumes from the phase that changed,
              and every state in between can be browsed, compared and entered.
            </p>
          </div>
        </header>
        <div className="welcome-start">
          {first === undefined ? null : (
            <Button
              look="primary"
              className="welcome-first"
              icon={<PlayIcon />}
              onClick={() => {
                openTarget(first.path);
                void run();
              }}
            >
              Build the example “{first.name}”
            </Button>
          )}
          <Button className="welcome-first" icon={<FileIcon />} onClick={focusTarget}>
            Open a target <Keys keys={control('O')} />
          </Button>
          <Button
            className="welcome-first"
            icon={<LibraryIcon />}
            onClick={() => showTraceQuestion(true)}
          >
            Open a trace
          </Button>
        </div>
        <div className="welcome-columns">
          <section aria-labelledby="welcome-examples">
            <h2 id="welcome-examples">Examples</h2>
            <ul>
              {hello.examples.map(({ name, path, says }) => (
                <li key={path} className="welcome-item">
                  <button type="button" className="welcome-open" onClick={() => openTarget(path)}>
                    <span className="welcome-name">{name}</span>
                    <span className="welcome-says">{withCode(says)}</span>
                    <ChevronRightIcon />
                  </button>
                </li>
              ))}
            </ul>
          </section>
          <section aria-labelledby="welcome-recent">
            <h2 id="welcome-recent">Recent</h2>
            {targets.length === 0 ? (
              <p className="welcome-none">
                Targets you open are listed here. A target is a <code>.nix</code> file, a flake
                reference such as <code>.#hello</code>, or a <code>.drv</code>.
              </p>
            ) : (
              <ul>
                {targets.map((recent) => (
                  <li key={`${recent.target} ${recent.attribute ?? ''}`} className="welcome-item">
                    <button
                      type="button"
                      className="welcome-open welcome-recent"
                      title={recent.target}
                      onClick={() => openTarget(recent.target, recent.attribute)}
                    >
                      <span className="welcome-name">
                        {targetTitle(recent.target)}
                        {recent.attribute === null ? null : (
                          <span className="welcome-attribute">{recent.attribute}</span>
                        )}
                      </span>
                      <span className="welcome-says welcome-path">
                        <bdi>{recent.target}</bdi>
                      </span>
                    </button>
                    <IconButton
                      label={`Forget ${targetTitle(recent.target)}`}
                      onClick={() => forget(recent)}
                    >
                      <CrossIcon />
                    </IconButton>
                  </li>
                ))}
              </ul>
            )}
          </section>
        </div>
        <ol className="welcome-steps">
          <li>
            <strong>See the plan.</strong> The timeline says which phases will run, which are reused
            and why.
          </li>
          <li>
            <strong>Run.</strong> Each finished phase leaves a snapshot; a failure leaves one too.
          </li>
          <li>
            <strong>Step in.</strong> Open a shell in any snapshot, mend what is wrong, run the
            rest.
          </li>
        </ol>
      </div>
    </main>
  );
}
