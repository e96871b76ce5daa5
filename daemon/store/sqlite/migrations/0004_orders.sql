-- Pages of a job in every order that the API has (execution_walks.cpp). What is Pending has not
-- finished, so the first gives that too, in the order of ordinals. The others are partial: an
-- execution that is sent once and Completed costs the two entries by time, and no more.
DROP INDEX executions_by_state;
CREATE INDEX executions_by_finished ON executions (job, finished_at);
CREATE INDEX executions_by_last_sent ON executions (job, last_sent_at) WHERE last_sent_at IS NOT NULL;
CREATE INDEX executions_by_attempts ON executions (job, attempts) WHERE attempts NOT BETWEEN 0 AND 1;
CREATE INDEX executions_never_sent ON executions (job, ordinal, attempts, state) WHERE attempts = 0 AND state <> 0;
CREATE INDEX executions_failed ON executions (job, ordinal, state) WHERE state = 2;
