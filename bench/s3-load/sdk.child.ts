import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { reportRequests } from './report-requests.ts';

/** The same through the AWS SDK. */
await reportRequests(({ endpoint, accessKeyId, secretAccessKey }) => {
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
  });
  return async (key, bytes) => {
    await client.send(new PutObjectCommand({ Bucket: 'wikis', Key: key, Body: bytes, IfNoneMatch: '*' }));
  };
});
