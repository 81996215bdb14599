import { createDiskByteStore } from '../../src/storage/disk.ts';
import { byteStoreContract } from '../contract/byte-store.contract.ts';
import { temporaryFolder } from './temporary-folder.ts';

byteStoreContract('disk', async () => createDiskByteStore({ folder: temporaryFolder() }));
