/** Short news at the foot of the window. */
import { IconButton } from '../look/button.tsx';
import { CrossIcon } from '../look/icons.tsx';
import { ErrorState } from '../look/states.tsx';
import { dismiss, useNotices } from '../store/notices.ts';
import './notices.css';

export function Notices() {
  const { notices } = useNotices();
  return (
    <div className="notices" aria-live="polite">
      {notices.map((notice) => (
        <div key={notice.serial} className={`notice notice-${notice.kind}`}>
          {notice.kind === 'news' ? <p>{notice.text}</p> : <ErrorState error={notice.error} />}
          <IconButton label="Dismiss" onClick={() => dismiss(notice.serial)}>
            <CrossIcon />
          </IconButton>
        </div>
      ))}
    </div>
  );
}
