//! Bounded byte pipes in memory: what connects a process to a client, and a process to the next one.
//!
//! A full pipe holds its writer back, a pipe without writers is at its end, a pipe without a reader is broken.
//! This room knows no file descriptor of the host and never blocks a thread.

use std::{
    future::poll_fn,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

/// The most bytes that one read gives: 32 KiB.
pub const MAX_CHUNK: usize = 32 * 1024;

/// How many bytes a pipe holds before its writer has to wait: 256 KiB.
pub const CAPACITY: usize = 256 * 1024;

/// How many writes a pipe holds, so that very small ones have a bound too.
const WRITES: usize = 4096;

/// A pipe that holds at most [`CAPACITY`] bytes, and a few thousand writes.
#[must_use]
pub fn pipe() -> (Writer, Reader) {
    let (sender, items) = mpsc::channel(WRITES);
    let space = Arc::new(Semaphore::new(CAPACITY));
    let channel = Some(Channel { sender, space: Arc::clone(&space) });
    (Writer { channel, filter: None }, Reader { items, space, rest: Bytes::new() })
}

/// The reading end of the pipe is gone; whoever writes on is killed, as by SIGPIPE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the reading end of the pipe is gone")]
pub struct BrokenPipe;

/// A line did not end within the limit that its reader allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the line is longer than {0} bytes")]
pub struct LineTooLong(pub usize);

/// What a pipe carries.
#[derive(Debug)]
enum Item {
    Data {
        bytes: Bytes,
        /// The space that the bytes take until they are read.
        _space: OwnedSemaphorePermit,
    },
    /// One read finds the end of the file, later reads go on: what ^D does on a terminal.
    EndOfFile,
}

/// A change of the bytes on their way into a pipe. It must give the same bytes however its input is cut.
pub(crate) type Filter = fn(&[u8]) -> Vec<u8>;

/// The writing end. Clones write into the same pipe; it is at its end when the last of them is dropped.
#[derive(Clone, Debug)]
pub struct Writer {
    channel: Option<Channel>,
    filter: Option<Filter>,
}

#[derive(Clone, Debug)]
struct Channel {
    sender: mpsc::Sender<Item>,
    space: Arc<Semaphore>,
}

impl Writer {
    /// A writer that takes everything and keeps nothing, as `/dev/null`.
    #[must_use]
    pub fn discard() -> Self {
        Self { channel: None, filter: None }
    }

    /// The same pipe, with every byte that this writer writes passed through `filter`.
    #[must_use]
    pub(crate) fn with_filter(self, filter: Filter) -> Self {
        Self { filter: Some(filter), ..self }
    }

    /// A handle that does not keep the pipe open.
    #[must_use]
    pub(crate) fn downgrade(&self) -> WeakWriter {
        WeakWriter {
            channel: self
                .channel
                .as_ref()
                .map(|channel| (channel.sender.downgrade(), Arc::clone(&channel.space))),
        }
    }

    /// Writes all bytes, in chunks, waiting while the pipe is full.
    ///
    /// # Errors
    /// [`BrokenPipe`] when nobody can read any more.
    pub async fn write(&self, bytes: Bytes) -> Result<(), BrokenPipe> {
        let Some(channel) = &self.channel else {
            // Nothing holds a process back here, so it has to let others run by itself.
            tokio::task::yield_now().await;
            return Ok(());
        };
        for piece in chunks(bytes) {
            match self.filter {
                None => channel.send(piece).await?,
                Some(filter) => {
                    for filtered in chunks(Bytes::from(filter(&piece))) {
                        channel.send(filtered).await?;
                    }
                }
            }
        }
        Ok(())
    }

    /// Lets one read find the end of the file without closing the pipe.
    ///
    /// # Errors
    /// [`BrokenPipe`] when nobody can read any more.
    pub(crate) async fn end_of_file(&self) -> Result<(), BrokenPipe> {
        match &self.channel {
            None => Ok(()),
            Some(channel) => channel.sender.send(Item::EndOfFile).await.map_err(|_| BrokenPipe),
        }
    }
}

/// Cuts bytes into pieces of at most [`MAX_CHUNK`].
fn chunks(mut bytes: Bytes) -> impl Iterator<Item = Bytes> {
    std::iter::from_fn(move || {
        let length = bytes.len().min(MAX_CHUNK);
        (length > 0).then(|| bytes.split_to(length))
    })
}

impl Channel {
    /// Sends at most [`MAX_CHUNK`] bytes.
    async fn send(&self, bytes: Bytes) -> Result<(), BrokenPipe> {
        let size = u32::try_from(bytes.len()).map_err(|_| BrokenPipe)?;
        let space =
            Arc::clone(&self.space).acquire_many_owned(size).await.map_err(|_| BrokenPipe)?;
        self.sender.send(Item::Data { bytes, _space: space }).await.map_err(|_| BrokenPipe)
    }
}

/// A writing end that does not keep its pipe open.
#[derive(Clone, Debug)]
pub(crate) struct WeakWriter {
    channel: Option<(mpsc::WeakSender<Item>, Arc<Semaphore>)>,
}

impl WeakWriter {
    /// The writer, unless the pipe has reached its end.
    pub(crate) fn upgrade(&self) -> Option<Writer> {
        let (sender, space) = self.channel.as_ref()?;
        let channel = Channel { sender: sender.upgrade()?, space: Arc::clone(space) };
        Some(Writer { channel: Some(channel), filter: None })
    }
}

/// The reading end. Dropping it breaks the pipe for its writers.
#[derive(Debug)]
pub struct Reader {
    items: mpsc::Receiver<Item>,
    space: Arc<Semaphore>,
    /// Bytes that were taken out of the pipe and not asked for yet.
    rest: Bytes,
}

impl Reader {
    /// A reader that is at its end, as `/dev/null`.
    #[must_use]
    pub fn empty() -> Self {
        pipe().1
    }

    /// The next bytes (never none, at most [`MAX_CHUNK`]); `None` is the end of the file. Safe to cancel.
    pub async fn read(&mut self) -> Option<Bytes> {
        poll_fn(|context| self.poll_read(context)).await
    }

    /// The next line with its newline, or what stands before the end of the file; `None` at the end.
    /// Bytes after the newline stay for the next reader. Cancelling loses the part of a line read so far.
    ///
    /// # Errors
    /// [`LineTooLong`] when there are more than `limit` bytes without a newline.
    pub async fn read_line(&mut self, limit: usize) -> Result<Option<Bytes>, LineTooLong> {
        let mut line = BytesMut::new();
        while let Some(mut chunk) = self.read().await {
            let end = chunk.iter().position(|&byte| byte == b'\n').map(|newline| newline + 1);
            line.extend_from_slice(&chunk.split_to(end.unwrap_or(chunk.len())));
            self.rest = chunk;
            if line.len() > limit {
                return Err(LineTooLong(limit));
            }
            if end.is_some() {
                return Ok(Some(line.freeze()));
            }
        }
        Ok((!line.is_empty()).then(|| line.freeze()))
    }

    fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if !self.rest.is_empty() {
            return Poll::Ready(Some(mem::take(&mut self.rest)));
        }
        match ready!(self.items.poll_recv(context)) {
            Some(Item::Data { bytes, .. }) => Poll::Ready(Some(bytes)),
            Some(Item::EndOfFile) | None => Poll::Ready(None),
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // Wakes the writers that wait for space; they find the pipe broken.
        self.space.close();
    }
}

impl Stream for Reader {
    type Item = Bytes;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        self.poll_read(context)
    }
}

#[cfg(test)]
mod tests {
    use std::{future::Future, pin::pin};

    use futures_util::poll;

    use super::*;

    #[tokio::test]
    async fn chunks_stay_small_and_in_order() {
        let (writer, mut reader) = pipe();
        let sent: Bytes = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
        let copy = sent.clone();
        let task = tokio::spawn(async move { writer.write(copy).await });
        let mut got = BytesMut::new();
        while let Some(chunk) = reader.read().await {
            assert!(!chunk.is_empty() && chunk.len() <= MAX_CHUNK);
            got.extend_from_slice(&chunk);
        }
        assert_eq!(task.await.unwrap(), Ok(()));
        assert_eq!(got, sent);
    }

    #[tokio::test]
    async fn a_full_pipe_holds_its_writer_back() {
        let (writer, mut reader) = pipe();
        writer.write(vec![b'x'; CAPACITY].into()).await.unwrap();
        let mut blocked = pin!(writer.write(Bytes::from_static(b"y")));
        assert!(poll!(blocked.as_mut()).is_pending());
        assert_eq!(reader.read().await.map(|bytes| bytes.len()), Some(MAX_CHUNK));
        assert!(poll!(blocked).is_ready());
    }

    #[tokio::test]
    async fn small_writes_have_a_bound_too() {
        let (writer, mut reader) = pipe();
        for _ in 0..WRITES {
            writer.write(Bytes::from_static(b"x")).await.unwrap();
        }
        let mut blocked = pin!(writer.write(Bytes::from_static(b"y")));
        assert!(poll!(blocked.as_mut()).is_pending());
        assert_eq!(reader.read().await.as_deref(), Some(&b"x"[..]));
        assert!(poll!(blocked).is_ready());
    }

    #[tokio::test]
    async fn a_writer_that_waits_finds_the_pipe_broken() {
        for size in [1, CAPACITY] {
            let (writer, reader) = pipe();
            for _ in 0..(CAPACITY / size).min(WRITES) {
                writer.write(vec![0; size].into()).await.unwrap();
            }
            let mut blocked = pin!(writer.write(Bytes::from_static(b"y")));
            assert!(poll!(blocked.as_mut()).is_pending());
            drop(reader);
            assert_eq!(blocked.await, Err(BrokenPipe));
        }
    }

    #[tokio::test]
    async fn ends_are_seen_by_the_other_side() {
        let (writer, reader) = pipe();
        drop(reader);
        assert_eq!(writer.write(Bytes::from_static(b"x")).await, Err(BrokenPipe));
        let (writer, mut reader) = pipe();
        let clone = writer.clone();
        drop(writer);
        clone.end_of_file().await.unwrap();
        clone.write(Bytes::from_static(b"more")).await.unwrap();
        drop(clone);
        assert_eq!(reader.read().await, None);
        assert_eq!(reader.read().await.as_deref(), Some(&b"more"[..]));
        assert_eq!(reader.read().await, None);
        assert_eq!(reader.read().await, None);
        assert_eq!(Reader::empty().read().await, None);
    }

    #[tokio::test]
    async fn a_weak_writer_does_not_keep_the_pipe_open() {
        let (writer, mut reader) = pipe();
        let weak = writer.downgrade();
        assert!(weak.upgrade().is_some());
        drop(writer);
        assert!(weak.upgrade().is_none());
        assert_eq!(reader.read().await, None);
        assert!(Writer::discard().downgrade().upgrade().is_none());
    }

    #[tokio::test]
    async fn lines_leave_the_rest_to_the_next_reader() {
        let (writer, mut reader) = pipe();
        for part in ["on", "e\ntwo\nth", "ree"] {
            writer.write(Bytes::from(part)).await.unwrap();
        }
        drop(writer);
        assert_eq!(reader.read_line(9).await.unwrap().as_deref(), Some(&b"one\n"[..]));
        assert_eq!(reader.read().await.as_deref(), Some(&b"two\nth"[..]));
        assert_eq!(reader.read_line(9).await.unwrap().as_deref(), Some(&b"ree"[..]));
        assert_eq!(reader.read_line(9).await, Ok(None));
        let (writer, mut reader) = pipe();
        writer.write(Bytes::from_static(b"0123456789")).await.unwrap();
        assert_eq!(reader.read_line(9).await, Err(LineTooLong(9)));
    }

    #[test]
    fn futures_can_cross_threads() {
        fn sendable<T: Future + Send>(_: T) {}
        let (writer, mut reader) = pipe();
        sendable(writer.write(Bytes::new()));
        sendable(reader.read());
    }
}
