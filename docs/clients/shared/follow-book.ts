import { bookAfter, type Book, type BookItem } from './order-book.ts';
import { keepSubscribed, type Kept, type Subscribe } from './stream.ts';

export interface FollowBookOptions {
  readonly subscribe: Subscribe<BookItem>;
  /** Called with every new state of the book; it is never touched again. */
  readonly onBook: (book: Book) => void;
  readonly onBreak?: (reason: unknown) => void;
}

/** Keeps a book. What breaks its chain ends the subscription; the next brings a fresh snapshot. */
export function followBook({ subscribe, onBook, onBreak }: FollowBookOptions): Kept {
  let book: Book | null = null;
  return keepSubscribed<BookItem>({
    subscribe: (sink) => {
      book = null;
      return subscribe(sink);
    },
    next: (item) => {
      book = bookAfter(book, item);
      if (item.__typename !== 'OrderBookHeartbeat') onBook(book);
    },
    onBreak,
  });
}
