import { Empty } from '../ui/notes';
import { PageFrame } from '../ui/page';

export function NotFoundPage() {
  return (
    <PageFrame title="Not found">
      <Empty title="There is no page at this address.">
        <a href="/jobs">Go to the jobs</a>
      </Empty>
    </PageFrame>
  );
}
