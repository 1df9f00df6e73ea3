export declare function findDrawPageFiles(texts: ReadonlyMap<string, string>): string[];
export declare function isRare(path: string): boolean;
export declare function findEntry(html: string): string;
